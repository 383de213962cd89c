import { Builds, Events, Pods, Resources } from "@slipway/proto";
import { createChannel, createClient, type ServiceClient } from "@slipway/rpc";
import type { ClientConfig } from "./client-config.ts";

/** One connection to the API, with a client of each of its services. */
export interface Session {
  readonly project: string;
  readonly server: string;
  readonly resources: ServiceClient<typeof Resources>;
  readonly pods: ServiceClient<typeof Pods>;
  readonly builds: ServiceClient<typeof Builds>;
  readonly events: ServiceClient<typeof Events>;
  close(): void;
}

/** Connects when the first call is made. */
export const openSession = ({ server, token, project }: ClientConfig): Session => {
  const channel = createChannel(server);
  const options = { token };
  return {
    project,
    server,
    resources: createClient(Resources, channel, options),
    pods: createClient(Pods, channel, options),
    builds: createClient(Builds, channel, options),
    events: createClient(Events, channel, options),
    close: () => channel.close(),
  };
};
