import type { ExecActionJson, HttpGetActionJson, HttpHeaderJson, ProbeJson, TcpSocketActionJson } from "@slipway/proto";
import { headerName } from "../format/names.ts";
import { notNegative, portOrName, positive } from "../format/numbers.ts";
import { type Field, integer, intOrString, later, laterMember, list, object, string } from "./field.ts";

const httpGet = object<HttpGetActionJson>({
  path: string({ default: "/" }),
  port: intOrString({ required: true, format: portOrName }),
  host: string(),
  scheme: string({ default: "HTTP", values: ["HTTP", "HTTPS"] }),
  httpHeaders: list(
    object<HttpHeaderJson>({
      name: string({ required: true, format: headerName }),
      value: string({ keepEmpty: true }),
    }),
  ),
  protocol: later(),
});

const tcpSocket = object<TcpSocketActionJson>({
  port: intOrString({ required: true, format: portOrName }),
  host: string(),
});

const exec = object<ExecActionJson>({
  command: list(string({ keepEmpty: true }), { required: true }),
});

/** `livenessProbe` and `readinessProbe`; one success must be enough for the first. */
export const probe = (which: "liveness" | "readiness"): Field =>
  object<ProbeJson>(
    {
      httpGet,
      tcpSocket,
      exec,
      initialDelaySeconds: integer({ format: notNegative }),
      timeoutSeconds: integer({ default: 1, format: positive }),
      periodSeconds: integer({ default: 10, format: positive }),
      successThreshold: integer({
        default: 1,
        format: which === "liveness" ? (value) => (value === 1 ? [] : ["must be 1"]) : positive,
      }),
      failureThreshold: integer({ default: 3, format: positive }),
      grpc: laterMember(),
      terminationGracePeriodSeconds: later(),
    },
    {
      oneOf: {
        members: ["exec", "httpGet", "tcpSocket", "grpc"],
        several: "Forbidden: may not specify more than 1 handler type",
        missing: "Required value: must specify a handler type",
      },
    },
  );
