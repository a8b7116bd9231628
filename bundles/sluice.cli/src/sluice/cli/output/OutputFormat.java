package sluice.cli.output;

/** How results are printed; lower case, as it is typed. */
public enum OutputFormat {
  table,
  json
}
