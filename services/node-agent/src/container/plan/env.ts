import type { EndpointsValue } from "@slipway/domain";
import type { ContainerJson } from "@slipway/proto";
import { expand } from "./expand.ts";
import { fieldRefValue, type PodFacts } from "./field-ref.ts";
import { serviceEnv } from "./service-env.ts";

/**
 * The variables of one container: those of the project's services, then its own in their order. A later one of the same
 * name wins; `$(NAME)` sees the variables before it. `Invalid` for a reference that cannot be resolved.
 */
export const containerEnv = (
  container: ContainerJson,
  facts: PodFacts,
  services: readonly EndpointsValue[],
): Record<string, string> => {
  const env = serviceEnv(services);
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (name === undefined || name === "") continue;
    const path = valueFrom?.fieldRef?.fieldPath;
    env[name] = path === undefined ? expand(value ?? "", (known) => env[known]) : fieldRefValue(path, facts);
  }
  return env;
};
