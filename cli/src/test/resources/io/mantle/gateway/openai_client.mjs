// What an application does with the official client. Prints one JSON object: scenario -> what came of it.
import OpenAI from "openai";

const PROMPT = process.env.PROMPT;
const TOOLS = [
  {
    type: "function",
    function: {
      name: "send_mail",
      description: "Sends a mail.",
      parameters: {
        type: "object",
        properties: { to: { type: "string" }, text: { type: "string" } },
        required: ["to", "text"],
      },
    },
  },
];

const client = (key) =>
  new OpenAI({ baseURL: process.env.BASE_URL, apiKey: process.env[key], maxRetries: 0, timeout: 20_000 });

const question = (model, more) => ({ model, messages: [{ role: "user", content: PROMPT }], ...more });

const ask = (model = "gpt-test", key = "KEY", more = {}, options = {}) =>
  client(key).chat.completions.create(question(model, more), options);

async function all(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function textOf(answer) {
  const chunks = await all(await answer);
  const saying = chunks.filter((chunk) => chunk.choices.length > 0);
  return {
    text: saying.map((chunk) => chunk.choices[0].delta.content ?? "").join(""),
    finish: saying.at(-1).choices[0].finish_reason,
    usages: chunks.filter((chunk) => chunk.usage).map((chunk) => chunk.usage.total_tokens),
    without_choices: chunks.length - saying.length,
  };
}

async function whole() {
  const answer = await ask();
  return { text: answer.choices[0].message.content, tokens: answer.usage.total_tokens };
}

async function rawHeaders() {
  const { response, request_id } = await client("KEY").chat.completions.create(question("gpt-test")).withResponse();
  return { headers: Object.fromEntries(response.headers), id: request_id };
}

async function toolsWhole() {
  const call = (await ask("tools", "KEY", { tools: TOOLS })).choices[0].message.tool_calls[0];
  return { name: call.function.name, arguments: JSON.parse(call.function.arguments) };
}

async function toolsStreamed() {
  const stream = client("KEY").chat.completions.stream(question("tools", { tools: TOOLS }));
  const call = (await stream.finalMessage()).tool_calls[0];
  return { name: call.function.name, arguments: JSON.parse(call.function.arguments) };
}

async function twoStreamed() {
  const texts = ["", ""];
  for await (const chunk of await ask("gpt-test", "KEY", { n: 2, stream: true })) {
    for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? "";
  }
  return { texts };
}

async function error(call) {
  try {
    await call();
    return { raised: null };
  } catch (e) {
    return {
      raised: e.constructor.name,
      status: e.status,
      code: e.code,
      param: e.param,
      message: e.message,
      id: e.requestID,
    };
  }
}

async function cancelled() {
  const stream = await ask("endless", "KEY", { stream: true });
  for await (const chunk of stream) {
    const first = chunk.choices[0].delta.content;
    stream.controller.abort();
    return { first };
  }
}

const stream = { stream: true };
console.log(
  JSON.stringify({
    whole: await whole(),
    streamed: await textOf(ask("gpt-test", "KEY", stream)),
    streamed_with_usage: await textOf(
      ask("gpt-test", "KEY", { stream: true, stream_options: { include_usage: true } }),
    ),
    demo: { text: (await ask("demo", "DEMO_KEY")).choices[0].message.content },
    demo_streamed: await textOf(ask("demo", "DEMO_KEY", stream)),
    two: { texts: (await ask("gpt-test", "KEY", { n: 2 })).choices.map((choice) => choice.message.content) },
    two_streamed: await twoStreamed(),
    tools: await toolsWhole(),
    tools_streamed: await toolsStreamed(),
    headers: await rawHeaders(),
    models: { ids: (await all(client("KEY").models.list())).map((model) => model.id) },
    unknown_key: await error(() => ask("gpt-test", "UNKNOWN_KEY")),
    providers_key: await error(() => ask("gpt-test", "PROVIDERS_KEY")),
    unknown_endpoint: await error(() => client("KEY").moderations.create({ input: "x" })),
    unknown_model: await error(() => ask("claude", "STRICT_KEY")),
    blocked: await error(() => ask("gpt-test", "STRICT_KEY")),
    bad_request: await error(() =>
      ask("gpt-test", "KEY", {}, { headers: { "X-Privacy-Gateway-Conversation": "not a name" } }),
    ),
    rate_limited: await error(() => ask("limited")),
    provider_broken: await error(() => ask("broken")),
    stream_broken: await error(() => textOf(ask("broken", "KEY", stream))),
    cancelled: await cancelled(),
  }),
);
