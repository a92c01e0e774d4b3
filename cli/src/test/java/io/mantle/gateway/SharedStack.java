package io.mantle.gateway;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the one {@link GatewayStack} and the one {@link TestDatabase} of a run; they are
 * started when first asked for and stopped after the last test.
 */
final class SharedStack implements ParameterResolver {
  /**
   * The control plane is told of a deep tier that the ext_proc server has not: a policy that asks
   * for it is published, and refused there.
   */
  private static final Map<String, String> SETTINGS = Map.of("MANTLE_DEEP_TIER", "true");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == GatewayStack.class || type == TestDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store run =
        context.getRoot().getStore(ExtensionContext.Namespace.create(SharedStack.class));
    TestDatabase database =
        run.computeIfAbsent(
            TestDatabase.class, _ -> start(TestDatabase::start), TestDatabase.class);
    return parameter.getParameter().getType() == TestDatabase.class
        ? database
        : run.computeIfAbsent(
            GatewayStack.class,
            _ -> start(() -> GatewayStack.start(database, GatewayStack.ExtProc.HERE, SETTINGS)),
            GatewayStack.class);
  }

  private static <T> T start(java.util.concurrent.Callable<T> starter) {
    try {
      return starter.call();
    } catch (Exception e) {
      throw new IllegalStateException("the stack does not start", e);
    }
  }
}
