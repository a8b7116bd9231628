package sluice.emfgen;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.emf.codegen.ecore.generator.Generator;
import org.eclipse.emf.codegen.ecore.generator.GeneratorAdapterFactory;
import org.eclipse.emf.codegen.ecore.genmodel.GenModel;
import org.eclipse.emf.codegen.ecore.genmodel.GenModelPackage;
import org.eclipse.emf.codegen.ecore.genmodel.generator.GenBaseGeneratorAdapter;
import org.eclipse.emf.codegen.ecore.genmodel.generator.GenModelGeneratorAdapterFactory;
import org.eclipse.emf.codegen.merge.java.JControlModel;
import org.eclipse.emf.common.util.BasicMonitor;
import org.eclipse.emf.common.util.Diagnostic;
import org.eclipse.emf.common.util.URI;
import org.eclipse.emf.ecore.plugin.EcorePlugin;
import org.eclipse.emf.ecore.resource.Resource;
import org.eclipse.emf.ecore.resource.ResourceSet;
import org.eclipse.emf.ecore.resource.impl.ResourceSetImpl;
import org.eclipse.emf.ecore.xmi.impl.EcoreResourceFactoryImpl;
import org.eclipse.emf.ecore.xmi.impl.XMIResourceFactoryImpl;

/**
 * EMF's generator without a workbench.
 *
 * <p>Arguments: the project's name, its folder, the genmodel's path in it, the folder in it that is written anew.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 4) throw new IllegalArgumentException("PROJECT FOLDER GENMODEL OUTPUT are wanted, not " + List.of(args));
    String project = args[0];
    File folder = new File(args[1]).getCanonicalFile();
    Path output = folder.toPath().resolve(args[3]);
    deleteTree(output);
    generate(load(project, folder, args[2], args[3]));
    try (Stream<Path> all = Files.walk(output)) {
      long made = all.filter(p -> p.toString().endsWith(".java")).count();
      if (made == 0) throw new IllegalStateException("nothing was generated into " + output);
      System.out.println("EMF: " + made + " Java files into " + output);
    }
  }

  private static GenModel load(String project, File folder, String genmodel, String output) {
    EcorePlugin.getPlatformResourceMap().put(project, URI.createFileURI(folder.getPath() + "/"));
    GenModelPackage.eINSTANCE.eClass();
    ResourceSet resources = new ResourceSetImpl();
    resources.getURIConverter().getURIMap().putAll(EcorePlugin.computePlatformURIMap(false));
    resources.getResourceFactoryRegistry().getExtensionToFactoryMap().put("ecore", new EcoreResourceFactoryImpl());
    resources.getResourceFactoryRegistry().getExtensionToFactoryMap().put("genmodel", new XMIResourceFactoryImpl());
    Resource resource = resources.getResource(URI.createPlatformResourceURI(project + "/" + genmodel, true), true);
    GenModel model = (GenModel) resource.getContents().get(0);
    model.setModelDirectory("/" + project + "/" + output);
    model.reconcile();
    model.setCanGenerate(true);
    model.setForceOverwrite(true);
    model.setUpdateClasspath(false);
    model.setCodeFormatting(false);
    model.setBundleManifest(false);
    model.setValidateModel(true);
    Diagnostic found = model.diagnose();
    if (found.getSeverity() == Diagnostic.ERROR) throw new IllegalStateException(genmodel + " is wrong: " + found);
    return model;
  }

  private static void generate(GenModel model) {
    GeneratorAdapterFactory.Descriptor.Registry.INSTANCE.addDescriptor(GenModelPackage.eNS_URI, GenModelGeneratorAdapterFactory.DESCRIPTOR);
    Generator generator = new Generator() {
      // The output is always written from scratch: a bare merge model never merges, and so does without the Java tools.
      @Override
      public JControlModel getJControlModel() {
        if (jControlModel == null) jControlModel = new JControlModel();
        return jControlModel;
      }
    };
    generator.setInput(model);
    Diagnostic done = generator.generate(model, GenBaseGeneratorAdapter.MODEL_PROJECT_TYPE, new BasicMonitor());
    if (done.getSeverity() >= Diagnostic.ERROR) throw new IllegalStateException("EMF cannot generate: " + done + " " + done.getChildren());
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
    }
  }
}
