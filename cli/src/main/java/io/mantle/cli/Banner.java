package io.mantle.cli;

import java.io.PrintStream;
import java.util.stream.Collectors;

/** What is printed once a run is ready: where it listens, the key, and a command to try. */
record Banner(RunFile run, UpOptions options) {
  void print(PrintStream out) {
    out.print(text());
    out.flush();
  }

  String text() {
    boolean demo = options.upstreams().isEmpty();
    return """

        OpenAI base URL     %s
        Anthropic base URL  %s
        Control plane       %s
        Key                 %s
        Metrics             %s/metrics (control plane)
                            %s/metrics (ext_proc server)
                            %s/stats/prometheus (Envoy)

        Try it:

        curl -s %s/chat/completions \\
          -H 'Authorization: Bearer %s' \\
          -H 'Content-Type: application/json' \\
          -d '{"model": "%s", "messages": [{"role": "user", "content": "My name is Maria Garcia. Write to maria.garcia@acme-mail.com or call +1 415 555 2671. My card is 4539 1488 0343 6467 and my IBAN is DE89 3704 0044 0532 0130 00."}]}'

        %s
        """
        .formatted(
            run.baseUrl(),
            run.anthropicBaseUrl(),
            run.adminUrl(),
            run.apiKey(),
            run.adminUrl(),
            run.extprocAdminUrl(),
            run.envoyAdminUrl(),
            run.baseUrl(),
            run.apiKey(),
            demo ? "demo" : "gpt-4o-mini",
            demo
                ? "What the provider saw: " + options.data().log("demo-provider")
                : "The provider is "
                    + options.upstreams().stream()
                        .map(upstream -> upstream.baseUrl().toString())
                        .collect(Collectors.joining(", ")));
  }
}
