import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";

/**
 * grpc-js writes lines of its own to standard error ("E No address added …") beside the error that it gives us, which
 * breaks a log of JSON lines and a command line of one sentence. `GRPC_TRACE` and `GRPC_VERBOSITY`, set for a hunt,
 * stay in force.
 */
export const quietLibrary = (): void => {
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
};
