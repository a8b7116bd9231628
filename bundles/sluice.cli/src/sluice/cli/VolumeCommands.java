package sluice.cli;

import picocli.CommandLine.Command;

/** The noun {@code volume}. */
@Command(
    name = "volume",
    description = "Volumes: create, attach to hosts, grant, resize, delete.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      VolumeCreate.class, VolumeQueries.ListAll.class, VolumeQueries.Show.class, VolumeAttach.class, VolumeDetach.class,
      VolumeGrants.GrantVerb.class, VolumeGrants.Revoke.class, VolumeChanges.Resize.class, VolumeChanges.AgreeShrink.class,
      VolumeChanges.Rename.class,
      VolumeChanges.Share.class, VolumeChanges.Delete.class, VolumeLegs.Add.class, VolumeLegs.Drop.class,
      VolumeLegs.Recover.class, VolumeLegs.Verify.class, MoveCommands.Relayout.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice volume create v1 --size 10G --pool gold",
      "  sluice volume grant v1 h1 && sluice volume attach v1 h1",
      "  sluice volume list"
    })
final class VolumeCommands {}
