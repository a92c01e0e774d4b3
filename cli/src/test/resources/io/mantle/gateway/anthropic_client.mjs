// What an application does with the official client. Prints one JSON object: scenario -> what came of it.
import Anthropic from "@anthropic-ai/sdk";

const PROMPT = process.env.PROMPT;
const TOOLS = [
  {
    name: "send_mail",
    description: "Sends a mail.",
    input_schema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
];

const client = (key) =>
  new Anthropic({ baseURL: process.env.BASE_URL, apiKey: process.env[key], maxRetries: 0, timeout: 20_000 });

const question = (model, more) => ({
  model,
  max_tokens: 1000,
  messages: [{ role: "user", content: PROMPT }],
  ...more,
});

const ask = (model = "echo", key = "KEY", more = {}) => client(key).messages.create(question(model, more));

/** The pieces as they come, and the message the client makes of them. */
async function streamed(model = "echo", key = "KEY", more = {}) {
  const pieces = [];
  const stream = client(key).messages.stream(question(model, more));
  stream.on("text", (piece) => pieces.push(piece));
  return { pieces, message: await stream.finalMessage() };
}

const usage = (message) => [message.usage.input_tokens, message.usage.output_tokens];

async function textStreamed(key) {
  const { pieces, message } = await streamed("echo", key);
  return {
    text: message.content[0].text,
    pieces: pieces.join(""),
    count: pieces.length,
    usage: usage(message),
  };
}

async function whole(key) {
  const message = await ask("echo", key);
  return { text: message.content[0].text, usage: usage(message) };
}

const toolOf = (message) => ({ name: message.content[0].name, input: message.content[0].input });

/** Sends the answer back, as a client has to; then with another signature. */
async function thinking(message) {
  const content = structuredClone(message.content);
  const messages = [
    { role: "user", content: PROMPT },
    { role: "assistant", content },
    { role: "user", content: "Go on." },
  ];
  await ask("seen", "KEY", { messages });
  content[0].thinking += "!";
  return {
    text: message.content[1].text,
    thinking: message.content[0].thinking,
    changed: await error(() => ask("seen", "KEY", { messages })),
  };
}

async function error(call) {
  try {
    await call();
    return { raised: null };
  } catch (e) {
    return {
      raised: e.constructor.name,
      status: e.status,
      body: e.error,
      id: e.requestID,
      message: e.message,
    };
  }
}

async function listed(page) {
  const ids = [];
  for await (const model of page) ids.push(model.id);
  return ids;
}

const headers = async () =>
  Object.fromEntries((await client("KEY").messages.create(question("echo")).withResponse()).response.headers);

console.log(
  JSON.stringify({
    whole: await whole("KEY"),
    streamed: await textStreamed("KEY"),
    demo: await whole("DEMO_KEY"),
    demo_streamed: await textStreamed("DEMO_KEY"),
    tools: toolOf(await ask("tools", "KEY", { tools: TOOLS })),
    tools_streamed: toolOf((await streamed("tools", "KEY", { tools: TOOLS })).message),
    thinking: await thinking(await ask("thinking")),
    thinking_streamed: await thinking((await streamed("thinking")).message),
    tokens: (
      await client("DEMO_KEY").messages.countTokens({
        model: "demo",
        messages: [{ role: "user", content: PROMPT }],
      })
    ).input_tokens,
    headers: await headers(),
    models: await listed(client("KEY").models.list()),
    model: (await client("KEY").models.retrieve("gpt-test")).id,
    unknown_key: await error(() => ask("echo", "UNKNOWN_KEY")),
    providers_key: await error(() => ask("echo", "PROVIDERS_KEY")),
    unknown_model: await error(() => client("KEY").models.retrieve("none")),
    too_large: await error(() => ask("echo", "KEY", { system: "x".repeat(200_000) })),
    overloaded: await error(() => ask("overloaded")),
    stream_overloaded: await error(() => streamed("overloaded_within")),
  }),
);
