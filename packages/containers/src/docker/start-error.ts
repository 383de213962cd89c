import { SlipwayError } from "@slipway/kernel";
import { engineReply, toEngineError } from "./errors.ts";

/** Why the runtime could not start a container's process, by the words that runc and the engine use. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/executable file not found|no such file or directory/i, "ExecutableNotFound"],
  [/permission denied/i, "PermissionDenied"],
  [/port is already allocated|address already in use/i, "PortTaken"],
  [/cannot join network|non running container/i, "SandboxNotRunning"],
  [/no space left on device/i, "DiskFull"],
  [/unable to find user|no matching entries in passwd/i, "UnknownUser"],
];

/**
 * A failed start: `ContainerStartFailed` with `fields.reason` (one of the list, else `RuntimeError`) and the engine's
 * own sentence; a missing container, an absent engine and a conflict stay what they are.
 */
export const toStartError = (error: unknown, id: string): SlipwayError => {
  const { status, text } = engineReply(error);
  const missing = status === 404 && /no such container: /i.test(text) && !/non running/i.test(text);
  if (status === undefined || missing) return toEngineError(error, { kind: "container", name: id });
  if (status === 409 && !/non running/i.test(text)) return toEngineError(error, { kind: "container", name: id });
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? "RuntimeError";
  return new SlipwayError("ContainerStartFailed", shorten(text), {
    cause: error,
    fields: { container: id, reason, status },
  });
};

/** The end of runc's chain of prefixes is the part that a user can act on. */
const shorten = (text: string): string => {
  const start = text.search(/exec: "|stat |chdir to cwd|unable to find user|container_linux\.go/);
  return start > 0 && /OCI runtime|failed to create/i.test(text) ? text.slice(start) : text;
};
