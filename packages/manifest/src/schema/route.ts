import type { RouteJson, RoutePortJson, RouteSpecJson, RouteTargetReferenceJson } from "@slipway/proto";
import { dnsSubdomain } from "../format/names.ts";
import { between, portOrName } from "../format/numbers.ts";
import { integer, intOrString, later, laterMember, object, serverOwned, string } from "./field.ts";
import { metadata } from "./meta.ts";

const hostFormat = (value: string): readonly string[] => [
  ...dnsSubdomain(value),
  ...(value.split(".").some((label) => label.length > 63)
    ? ["must be no more than 63 characters between two dots"]
    : []),
];

// A blank or a control character in a path would end it early in the edge's configuration.
const pathFormat = (value: string): readonly string[] => {
  if (!value.startsWith("/")) return ["path must begin with /"];
  return /^[!-~]+$/.test(value) && !/["'\\#?]/.test(value)
    ? []
    : ["must be a path of a URL, without query and fragment"];
};

/** Route. */
export const route = object<RouteJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: object<RouteSpecJson>(
    {
      host: string({ format: hostFormat }),
      path: string({ format: pathFormat }),
      to: object<RouteTargetReferenceJson>(
        {
          kind: string({ default: "Service", values: ["Service"] }),
          name: string({ required: true }),
          weight: integer({ default: 100, format: between(0, 256) }),
        },
        { implied: true },
      ),
      port: object<RoutePortJson>({ targetPort: intOrString({ required: true, format: portOrName }) }),
      wildcardPolicy: string({ default: "None", values: ["None"], later: ["Subdomain"] }),
      subdomain: later(),
      alternateBackends: later(),
      tls: laterMember(),
      httpHeaders: later(),
    },
    { implied: true },
  ),
  status: serverOwned(),
});
