import { parseQuantity } from "@slipway/domain";
import type { ResourceRequirementsJson } from "@slipway/proto";
import { compareQuantities } from "../format/quantity.ts";
import { type Field, later, map, object, quantity, type Report } from "./field.ts";

const BUILT = new Set(["cpu", "memory"]);

type Quantities = NonNullable<ResourceRequirementsJson["limits"]>;

const checkQuantities = (quantities: Quantities, report: Report): void => {
  for (const [resource, value] of Object.entries(quantities)) {
    const known = BUILT.has(resource);
    if (!known && (resource === "ephemeral-storage" || resource.startsWith("hugepages-") || resource.includes("/"))) {
      report(`[${resource}]`, "not supported yet");
    } else if (!known) {
      report(`[${resource}]`, `Invalid value: ${JSON.stringify(resource)}: must be a standard resource for containers`);
    }
    const number = parseQuantity(value);
    if (number !== undefined && number < 0) {
      report(`[${resource}]`, `Invalid value: ${JSON.stringify(value)}: must be greater than or equal to 0`);
    }
  }
};

/** What a container is promised and what it may use at most. */
export const resources = (): Field =>
  object<ResourceRequirementsJson>(
    {
      limits: map(quantity(), { check: checkQuantities }),
      requests: map(quantity()),
      claims: later(),
    },
    {
      complete: (value) => {
        if (value.limits) value.requests = { ...value.limits, ...value.requests };
      },
      check: ({ limits, requests }, report) => {
        // A request that was only copied from its limit has been judged there.
        const own = Object.entries(requests ?? {}).filter(([resource, request]) => limits?.[resource] !== request);
        checkQuantities(Object.fromEntries(own), (path, message) => report(`.requests${path}`, message));
        for (const [resource, request] of Object.entries(requests ?? {})) {
          const limit = limits?.[resource];
          if (limit === undefined || (compareQuantities(request, limit) ?? 0) <= 0) continue;
          const shown = JSON.stringify(String(request));
          report(".requests", `Invalid value: ${shown}: must be less than or equal to ${resource} limit of ${limit}`);
        }
      },
    },
  );
