package io.mantle.privacy.detect.names;

import opennlp.tools.namefind.NameContextGenerator;
import opennlp.tools.namefind.TokenNameFinderFactory;
import opennlp.tools.util.ext.ExtensionLoader;

/**
 * Tells OpenNLP how names are described. The model names this class, so that it is described when
 * read as it was when trained; OpenNLP makes the instances.
 */
public final class NameFeatureFactory extends TokenNameFinderFactory {

  /** Lets OpenNLP make instances: it refuses classes of packages that nobody named to it. */
  public static void register() {
    ExtensionLoader.registerAllowedPackage(NameFeatureFactory.class.getPackageName());
  }

  @Override
  public NameContextGenerator createContextGenerator() {
    return new NameContext();
  }
}
