package io.mantle.extproc.tokens;

/** OpenAI's published vocabularies. */
enum Vocabulary {
  /** Of GPT-4o and all since: some 28 MB of heap. */
  O200K,

  /** Of GPT-4, GPT-3.5 and the embeddings: some 15 MB. */
  CL100K
}
