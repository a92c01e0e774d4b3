package io.mantle.cli.apply;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@code mantle.yaml} that was read and judged as a whole; all of it can be applied. */
public final class MantleFile {
  private static final FileSchema SCHEMA = new FileSchema();

  private final Path file;
  private final LocatedYaml yaml;
  private final Declaration declaration;

  private MantleFile(Path file, LocatedYaml yaml, Declaration declaration) {
    this.file = file;
    this.yaml = yaml;
    this.declaration = declaration;
  }

  /**
   * Reads a file.
   *
   * @param environment where the references of the file are looked for
   * @throws InvalidFileException with everything that is wrong with it
   * @throws IOException if it cannot be read
   */
  public static MantleFile read(Path file, Map<String, String> environment)
      throws IOException, InvalidFileException {
    if (Files.size(file) > LocatedYaml.TEXT_CHARS_MAX) {
      throw new InvalidFileException(
          List.of(
              new Flaw(
                  Flaw.Place.START,
                  "",
                  "larger than " + (LocatedYaml.TEXT_CHARS_MAX >> 20) + " MiB")));
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidFileException(List.of(new Flaw(Flaw.Place.START, "", "not UTF-8")));
    }
    return of(file, text, environment);
  }

  static MantleFile of(Path file, String text, Map<String, String> environment)
      throws InvalidFileException {
    LocatedYaml yaml = new LocatedYaml(text, environment);
    List<Flaw> flaws = new ArrayList<>(yaml.flaws());
    flaws.addAll(SCHEMA.flaws(yaml));
    if (!flaws.isEmpty()) {
      throw new InvalidFileException(flaws);
    }
    return new MantleFile(file, yaml, new DeclarationReader(yaml).read());
  }

  Declaration declaration() {
    return declaration;
  }

  Flaw flaw(String pointer, String reason) {
    return yaml.flaw(pointer, reason);
  }

  /** {@code mantle.yaml:12:7: ...}, which editors lead to. */
  String located(Flaw flaw) {
    return file + ":" + flaw;
  }

  /** A path of the file, which is relative to the file. */
  Path resolve(String path) {
    return file.resolveSibling(path);
  }
}
