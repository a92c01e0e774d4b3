"""What an application does with the official client. Prints one JSON object: scenario -> what came of it."""

import json
import os

import anthropic

PROMPT = os.environ["PROMPT"]
TOOLS = [
    {
        "name": "send_mail",
        "description": "Sends a mail.",
        "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    }
]


def client(key):
    return anthropic.Anthropic(
        base_url=os.environ["BASE_URL"], api_key=os.environ[key], max_retries=0, timeout=20
    )


def question(model, **more):
    more.setdefault("messages", [{"role": "user", "content": PROMPT}])
    return {"model": model, "max_tokens": 1000, **more}


def ask(model="echo", key="KEY", **more):
    return client(key).messages.create(**question(model, **more))


def streamed(model="echo", key="KEY", **more):
    """The pieces as they come, and the message the client makes of them."""
    pieces = []
    with client(key).messages.stream(**question(model, **more)) as stream:
        for piece in stream.text_stream:
            pieces.append(piece)
        return pieces, stream.get_final_message()


def text_streamed(**more):
    pieces, message = streamed(**more)
    return {
        "text": message.content[0].text,
        "pieces": "".join(pieces),
        "count": len(pieces),
        "usage": [message.usage.input_tokens, message.usage.output_tokens],
    }


def whole(**more):
    message = ask(**more)
    return {"text": message.content[0].text, "usage": [message.usage.input_tokens, message.usage.output_tokens]}


def tool_of(message):
    return {"name": message.content[0].name, "input": message.content[0].input}


def thinking(message):
    """Sends the answer back, as a client has to; then with another signature."""
    content = [block.model_dump(exclude_none=True) for block in message.content]
    turns = [
        {"role": "user", "content": PROMPT},
        {"role": "assistant", "content": content},
        {"role": "user", "content": "Go on."},
    ]
    ask("seen", messages=turns)
    content[0]["thinking"] += "!"
    return {
        "text": message.content[1].text,
        "thinking": message.content[0].thinking,
        "changed": error(lambda: ask("seen", messages=turns)),
    }


def raw_headers():
    raw = client("KEY").messages.with_raw_response.create(**question("echo"))
    return {name.lower(): value for name, value in raw.headers.items()}


def error(call):
    try:
        call()
        return {"raised": None}
    except anthropic.APIStatusError as e:
        return {"raised": type(e).__name__, "status": e.status_code, "body": e.body, "id": e.request_id}
    except anthropic.APIError as e:
        return {"raised": type(e).__name__, "message": str(e)}


print(
    json.dumps(
        {
            "whole": whole(),
            "streamed": text_streamed(),
            "demo": whole(key="DEMO_KEY"),
            "demo_streamed": text_streamed(key="DEMO_KEY"),
            "tools": tool_of(ask("tools", tools=TOOLS)),
            "tools_streamed": tool_of(streamed("tools", tools=TOOLS)[1]),
            "thinking": thinking(ask("thinking")),
            "thinking_streamed": thinking(streamed("thinking")[1]),
            "tokens": client("DEMO_KEY").messages.count_tokens(
                model="demo", messages=[{"role": "user", "content": PROMPT}]
            ).input_tokens,
            "headers": raw_headers(),
            "models": [m.id for m in client("KEY").models.list()],
            "model": client("KEY").models.retrieve("gpt-test").id,
            "unknown_key": error(lambda: ask(key="UNKNOWN_KEY")),
            "providers_key": error(lambda: ask(key="PROVIDERS_KEY")),
            "unknown_model": error(lambda: client("KEY").models.retrieve("none")),
            "too_large": error(lambda: ask(system="x" * 200_000)),
            "overloaded": error(lambda: ask("overloaded")),
            "stream_overloaded": error(lambda: streamed("overloaded_within")),
        }
    )
)
