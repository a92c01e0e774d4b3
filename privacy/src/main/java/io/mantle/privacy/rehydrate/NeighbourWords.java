package io.mantle.privacy.rehydrate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Words that stand beside names, in small letters: what each says about the name. */
final class NeighbourWords {
  /** May stand before a name, or behind it, and is not of it. */
  private static final Set<String> TITLES =
      words(
          "mr mrs ms mx miss mister madam sir dame lord lady dr doctor prof professor rev reverend",
          "fr father sister brother mother uncle aunt cousin grandma grandpa king queen prince",
          "princess president senator governor mayor minister chancellor ambassador secretary",
          "director chairman chairwoman chair ceo cto cfo coo vp manager supervisor coach pastor",
          "judge justice attorney counsel officer detective inspector agent captain capt colonel",
          "col general gen major maj lieutenant lt sergeant sgt nurse patient client customer",
          "employee applicant tenant candidate student teacher defendant plaintiff witness family",
          "md phd esq mba rn dds cpa herr herrn frau hr fräulein familie ehepaar eheleute dipl ing",
          "med mag doktor professorin kunde kundin patientin kollege kollegin mandant mandantin",
          "mieter mieterin bewerber bewerberin mitarbeiter mitarbeiterin zeuge zeugin nachbar",
          "nachbarin monsieur madame mademoiselle mme mlle maître docteur señor señora señorita",
          "sra srta don doña doctora dra senhor senhora signor signora signorina sig dott dottor",
          "dottoressa pan pani fru fröken");

  /** Abbreviations with which the names of places begin. */
  private static final Set<String> OF_PLACES = words("st ste mt ft pt");

  /** Words in small letters that a name may have within. */
  private static final Set<String> PARTICLES =
      words("van von vom zu de der den del della di da das dos du la las los le bin ibn al el ter");

  /** Those of them that begin what follows a first name; others are articles as well. */
  private static final Set<String> FIRST_PARTICLES =
      words("van von de del della di da dos du bin ibn ter");

  /** On the lists of names, but no name where they stand beside one. */
  private static final Set<String> EVERYDAY =
      words(
          "an best can cara caro cher da don gentile good great hello in just kinder la le les liebe",
          "lieber morgen my na ok per said secondo see so street tag un una von");

  /** The same, of what is written in small letters. */
  private static final Set<String> EVERYDAY_SMALL = words("mark may will");

  /** Where one of these stands, nouns have capitals. */
  private static final Set<String> GERMAN =
      words(
          "auch auf aus bei beim bitte das dass dem des die durch ein eine einem einen einer eines",
          "frau für geehrte geehrter habe haben hallo hat herr herrn ich ihr ihre ihrem ihren ihrer",
          "im ist kann liebe lieber mit nach nicht oder sein seine sich sie sind soll und vom war",
          "weil wenn werden wie wir wird wurde zum zur zwischen über");

  /** Begin sentences, with a name behind them. */
  private static final Set<String> OPENERS =
      words(
          "a about above according additionally after again against all also although am among an",
          "and another any apart are around as assuming at because before behind below beside",
          "besides between beyond both but by can considering contrary could dear despite did does",
          "do during each either every except finally first following for from furthermore given",
          "goodbye greetings had has have he hello hence hey hi his her how however if in including",
          "instead into is it its just lastly later like many maybe meanwhile moreover most much my",
          "near neither never nevertheless next no nobody none nonetheless nor not note now of off ok",
          "okay on once one only or other otherwise our out over perhaps please previously re",
          "regarding same second see she should similarly since so some somehow sometimes soon still",
          "subject such suppose than thank thanks that the their then there therefore these they",
          "third this those though through throughout thus to today together tomorrow tonight toward",
          "towards two under unless unlike until up upon upset us versus via was we were what when",
          "whenever where whereas wherever whether which while who whom whose why with within without",
          "would yes yesterday yet you your",
          "accept add address advise allow appoint approve arrange ask assign assist assure attach",
          "await bill bless book brief bring buy call cc charge check choose confirm congratulate",
          "congratulations congrats consult contact copy credit describe draft drop email encourage",
          "engage ensure escort feel fetch fire find follow forward get gift give greet guide have",
          "help hire hug identify include inform interview introduce invite invoice join keep kudos",
          "leave lend let list locate love mail make meet mention message move name nominate notify",
          "offer order pay phone pick ping praise prepare present promise promote propose provide",
          "put quote reach recommend refer reimburse remember remind remove replace reply request",
          "respect save say schedule seat select send serve show sign sorry speak submit suggest",
          "summary support take talk tell text then touch train transfer treat trust update use verify",
          "visit wait warn watch welcome wish write",
          "aber als am an auch auf aus außerdem bei bis bitte dafür daher damit danach danke dann",
          "daraufhin darum das dass davor dazu dem den denn der deshalb die dies diese dieser dort",
          "ebenso ein eine einem einen einer er es falls für gegen gegenüber gestern grüße gruß guten",
          "hallo hat hatte heute hier hiermit ich ihr im in indem ist ja jedoch jetzt kann könnte",
          "laut leider liebe lieber liebes mit morgen nach nachdem nein neben nicht noch nun nur ob",
          "obwohl oder ohne schließlich sehr seit sie sobald sofern soll sollte sondern trotz über",
          "übrigens um und unser unter vielleicht vom von vor war wann warum was wegen weil wenn wer",
          "werden wie wird wir wo während zu zudem zuerst zuletzt zum zur zwischen zwar",
          "alors après aussi avant avec bonjour bonsoir car ce ces cet cette cher chère chez comme",
          "dans de depuis des donc elle en ensuite entre est et hier il je la le les lorsque mais merci",
          "non notre nous oui ou où par pendant pour pourquoi puis quand que qui quoi sans selon si",
          "son sous sur un une voici voilà votre vous",
          "ahora antes aunque ayer como con contra cuando desde después donde el ella ellos entonces",
          "entre es esta este estimado estimada gracias hacia hasta hola hoy los las luego mañana",
          "mientras no nuestro para pero por porque pues querida querido según sin sobre su también",
          "tras y",
          "caro cara ciao con da del dopo e grazie gentile ieri ma oggi per perché poi prima quando se",
          "secondo sono stimato tra obrigado obrigada olá ontem hoje para com não quando segundo",
          "beste bedankt dag hallo maar met omdat toen van voor volgens wanneer hej tack czy dla do dzień",
          "dziękuję jak jeśli kiedy od oraz po szanowny szanowna według z");

  private NeighbourWords() {}

  private static Set<String> words(String... lines) {
    Set<String> words = new HashSet<>();
    for (String line : lines) {
      words.addAll(List.of(line.split(" ", -1)));
    }
    return Set.copyOf(words);
  }

  static boolean isTitle(String word) {
    return TITLES.contains(word);
  }

  static boolean isOfPlaces(String abbreviation) {
    return OF_PLACES.contains(abbreviation);
  }

  static boolean isParticle(String word) {
    return PARTICLES.contains(word);
  }

  static boolean isFirstParticle(String word) {
    return FIRST_PARTICLES.contains(word);
  }

  /** Whether a particle begins so. */
  static boolean beginsParticle(String letters) {
    return PARTICLES.stream().anyMatch(particle -> particle.startsWith(letters));
  }

  static boolean isEveryday(String word, boolean small) {
    return EVERYDAY.contains(word) || (small && EVERYDAY_SMALL.contains(word));
  }

  static boolean isOpener(String word) {
    return OPENERS.contains(word);
  }

  /** An adverb or a verb by its ending, as it opens many sentences. */
  static boolean endsLikeAnOpener(String word) {
    return word.length() > 4
        && (word.endsWith("ly") || word.endsWith("ing") || word.endsWith("ed"));
  }

  static boolean isGerman(String word) {
    return GERMAN.contains(word);
  }
}
