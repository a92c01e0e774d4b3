/**
 * Keys in key management services: HashiCorp Vault transit, AWS KMS, Google Cloud KMS. In: a URI
 * and the credentials that the environment gives in each service's usual way. Out: a {@link
 * io.mantle.vault.keys.KeyProvider}. Here alone such a service is asked, with a time-out, retries
 * and a breaker, and what goes wrong there is put into words that hold no secret.
 */
@NullMarked
package io.mantle.vault.kms;

import org.jspecify.annotations.NullMarked;
