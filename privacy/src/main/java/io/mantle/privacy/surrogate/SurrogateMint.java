package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.Alias;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Makes realistic stand-ins: of the same type, locale, gender, format and spelling as the original.
 *
 * <p>A candidate is a function of the conversation's key, the version of the word lists, the type,
 * the value without regard to its spelling, the probe and the spelling, and of nothing else: turns,
 * replicas and restarts agree without storing anything. Spellings of one value ("JANE", "Jane") get
 * spellings of one surrogate. Words of names are replaced one by one, so "Jane Smith", "Smith" and
 * {@code jane.smith@} stay recognisably one person.
 *
 * <p>Security: all choices are drawn from HMAC-SHA256 under the conversation's key. Where ranges
 * are reserved for examples or fiction they are used (RFC 2606, RFC 5737, RFC 3849, 555-01xx). A
 * candidate never equals the original. What is <em>not</em> guaranteed: that it is unlike other
 * candidates or the rest of the request, which is what {@link SurrogateTable} adds, or that the
 * kept parts (a phone's area, a card's brand, the length of a secret) tell nothing.
 *
 * <p>Immutable; one for a process, used by all threads.
 */
public final class SurrogateMint {
  private static final int ATTEMPTS_MAX = 24;
  private static final int PLACEHOLDERS = 9_999;

  /** So many spellings of one value have placeholders of one number. */
  static final int PLACEHOLDER_SPELLINGS = 12;

  private final WordLists lists;
  private final byte[] listsVersion;
  private final Map<EntityType, Shape> shapes = new EnumMap<>(EntityType.class);

  private SurrogateMint(WordLists lists) {
    this.lists = lists;
    listsVersion = lists.version();
    NameWords names = new NameWords(lists);
    AccountWords accounts = new AccountWords(names, lists);
    Hosts hosts = new Hosts(lists);
    Places places = new Places(lists);
    for (EntityType type : EntityType.values()) {
      shapes.put(
          type,
          switch (type) {
            case PERSON -> new PersonShape(names, lists);
            case EMAIL -> new EmailShape(accounts, hosts);
            case PHONE -> new PhoneShape();
            case CREDIT_CARD -> new CardShape();
            case IBAN -> new IbanShape();
            case SSN -> new SsnShape();
            case IP -> new IpShape();
            case MAC -> new MacShape();
            case CRYPTO -> new CryptoShape();
            case PASSWORD_OR_SECRET -> new SecretShape();
            case USERNAME -> new UsernameShape(accounts);
            case ADDRESS -> new AddressShape(places);
            case DATE_OF_BIRTH, DATE -> new DateShape(type.name());
            case PASSPORT, DRIVER_LICENSE, NATIONAL_ID, MEDICAL_ID, BANK_ACCOUNT ->
                new IdentifierShape(type.name());
            case LOCATION -> new LocationShape(places, lists);
            case ORG -> new CompanyShape(lists);
            case URL -> new UrlShape(hosts);
          });
    }
  }

  /** Reads the word lists; takes some hundred milliseconds. */
  public static SurrogateMint load() {
    return new SurrogateMint(WordLists.load());
  }

  /** A hash of the word lists, in hexadecimal. A conversation's surrogates change with it. */
  public String listsVersion() {
    return HexFormat.of().formatHex(listsVersion);
  }

  /**
   * A stand-in for {@code value}.
   *
   * @param value one spelling, not empty
   * @param probe which candidate, from 0; later ones draw from wider lists
   * @throws IllegalArgumentException if {@code value} is empty
   */
  public String candidate(ConversationKey key, EntityType type, Plaintext value, int probe) {
    return candidate(key, type, value, probe, new NameBook().draft(false));
  }

  /** As the other method, with names that keep to what is known of them. */
  String candidate(
      ConversationKey key, EntityType type, Plaintext value, int probe, NameBook.Draft names) {
    String spelling = value.reveal();
    if (spelling.isEmpty()) {
      throw new IllegalArgumentException("nothing has no surrogate");
    }
    Shape shape = shape(type);
    String exposed = shape.exposed(spelling);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      names.restart();
      Draws draws = new Draws(key, listsVersion, probe, attempt, names);
      String candidate = shape.surrogate(spelling, draws);
      boolean number = CharacterClasses.isJsonNumber(spelling);
      if (number && !CharacterClasses.isJsonNumber(candidate)) {
        // It may stand where JSON has a number: a word there would break the body.
        candidate = anything(type, spelling, draws);
      }
      if (!Overlap.same(spelling, candidate) && !Overlap.sharesRun(exposed, candidate)) {
        return candidate;
      }
    }
    // What no shape can change, since it keeps all there is: "Dr." as an address.
    return anything(type, spelling, new Draws(key, listsVersion, probe, ATTEMPTS_MAX));
  }

  private static String anything(EntityType type, String spelling, Draws draws) {
    return CharacterClasses.replacedWithMarks(spelling, draws.about(type + "/anything", spelling));
  }

  /**
   * What {@code surrogate} may be called instead, and what that stands for.
   *
   * @param original one spelling of the value
   * @param surrogate the stand-in that was made for it
   */
  public List<Alias> aliases(EntityType type, Plaintext original, String surrogate) {
    return shape(type).aliases(original.reveal(), surrogate);
  }

  /** Whether a word in small letters is a usual one, or a name that somebody may bear. */
  public boolean isWord(String word) {
    return lists.isFirstName(word) || lists.isLastName(word) || lists.isUsual(word);
  }

  /**
   * A stand-in that says what it stands in for, and no more: {@code [PERSON_4821]}. Its number
   * follows from the value, so it stays the same however much of a conversation is sent; a letter
   * tells one spelling from another.
   */
  String placeholder(ConversationKey key, EntityType type, Plaintext value, int probe) {
    int number =
        new Draws(key, listsVersion, probe / PLACEHOLDER_SPELLINGS, 0)
            .about("placeholder/" + type, identity(type, value))
            .between(1, PLACEHOLDERS);
    int spelling = probe % PLACEHOLDER_SPELLINGS;
    String letter = spelling == 0 ? "" : String.valueOf((char) ('A' + spelling));
    return "[" + type + "_" + number + letter + "]";
  }

  /** What all spellings of {@code value} have in common. */
  String identity(EntityType type, Plaintext value) {
    return shape(type).identity(value.reveal());
  }

  private Shape shape(EntityType type) {
    Shape shape = shapes.get(type);
    if (shape == null) {
      throw new IllegalStateException("every type has a shape");
    }
    return shape;
  }
}
