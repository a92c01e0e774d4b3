"""What an application does with the official client. Prints one JSON object: scenario -> what came of it."""

import asyncio
import json
import os

import openai

BASE_URL = os.environ["BASE_URL"]
PROMPT = os.environ["PROMPT"]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "send_mail",
            "description": "Sends a mail.",
            "parameters": {
                "type": "object",
                "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
                "required": ["to", "text"],
            },
        },
    }
]


def client(key):
    return openai.OpenAI(base_url=BASE_URL, api_key=os.environ[key], max_retries=0, timeout=20)


def ask(model="gpt-test", key="KEY", **more):
    messages = [{"role": "user", "content": PROMPT}]
    return client(key).chat.completions.create(model=model, messages=messages, **more)


def text_of(stream):
    chunks = list(stream)
    return {
        "text": "".join(c.choices[0].delta.content or "" for c in chunks if c.choices),
        "finish": [c.choices[0].finish_reason for c in chunks if c.choices][-1],
        "usages": [c.usage.total_tokens for c in chunks if c.usage],
        "without_choices": sum(1 for c in chunks if not c.choices),
    }


def whole():
    answer = ask()
    return {"text": answer.choices[0].message.content, "tokens": answer.usage.total_tokens}


def raw_headers():
    messages = [{"role": "user", "content": PROMPT}]
    raw = client("KEY").chat.completions.with_raw_response.create(model="gpt-test", messages=messages)
    return {"headers": {name.lower(): value for name, value in raw.headers.items()}, "id": raw.request_id}


def tools_whole():
    call = ask("tools", tools=TOOLS).choices[0].message.tool_calls[0]
    return {"name": call.function.name, "arguments": json.loads(call.function.arguments)}


def tools_streamed():
    names, arguments = "", ""
    for chunk in ask("tools", tools=TOOLS, stream=True):
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                names += call.function.name or ""
                arguments += call.function.arguments or ""
    return {"name": names, "arguments": json.loads(arguments)}


def two_streamed():
    texts = ["", ""]
    for chunk in ask(n=2, stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    return {"texts": texts}


def error(call):
    try:
        call()
        return {"raised": None}
    except openai.APIStatusError as e:
        return {
            "raised": type(e).__name__,
            "status": e.status_code,
            "code": e.code,
            "param": e.param,
            "message": e.message,
            "id": e.request_id,
        }
    except openai.APIError as e:
        return {"raised": type(e).__name__, "message": e.message}


async def cancelled():
    async with openai.AsyncOpenAI(base_url=BASE_URL, api_key=os.environ["KEY"], max_retries=0) as c:
        messages = [{"role": "user", "content": PROMPT}]
        stream = await c.chat.completions.create(model="endless", messages=messages, stream=True)
        async for chunk in stream:
            first = chunk.choices[0].delta.content
            break
        await stream.close()
        return {"first": first}


print(
    json.dumps(
        {
            "whole": whole(),
            "streamed": text_of(ask(stream=True)),
            "streamed_with_usage": text_of(ask(stream=True, stream_options={"include_usage": True})),
            "demo": {"text": ask("demo", key="DEMO_KEY").choices[0].message.content},
            "demo_streamed": text_of(ask("demo", key="DEMO_KEY", stream=True)),
            "two": {"texts": [c.message.content for c in ask(n=2).choices]},
            "two_streamed": two_streamed(),
            "tools": tools_whole(),
            "tools_streamed": tools_streamed(),
            "headers": raw_headers(),
            "models": {"ids": [m.id for m in client("KEY").models.list()]},
            "unknown_key": error(lambda: ask(key="UNKNOWN_KEY")),
            "providers_key": error(lambda: ask(key="PROVIDERS_KEY")),
            "unknown_endpoint": error(lambda: client("KEY").moderations.create(input="x")),
            "unknown_model": error(lambda: ask("claude", key="STRICT_KEY")),
            "blocked": error(lambda: ask(key="STRICT_KEY")),
            "bad_request": error(
                lambda: ask(extra_headers={"X-Privacy-Gateway-Conversation": "not a name"})
            ),
            "rate_limited": error(lambda: ask("limited")),
            "provider_broken": error(lambda: ask("broken")),
            "stream_broken": error(lambda: text_of(ask("broken", stream=True))),
            "cancelled": asyncio.run(cancelled()),
        }
    )
)
