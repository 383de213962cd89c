import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { foldAsOf, listView } from "@slipway/cluster";
import { EVENT_TYPES, KINDS, upcast } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import type { StoredEvent } from "@slipway/kernel";
import { ResourceSchema } from "@slipway/proto";
import { type Api, type ApiObject, objectOf } from "./api.ts";
import type { InstallationFile } from "./platform.ts";

/** The log as it is stored, read past every service. */
export interface StoredLog {
  /** All events with a position from `from` on. */
  events(from?: number): Promise<StoredEvent[]>;
  /** One line for each object that the API shows unlike a fold of the log from its beginning. */
  differences(api: Api): Promise<string[]>;
  close(): Promise<void>;
}

export const openStoredLog = ({ home, ports }: InstallationFile): StoredLog => {
  const { postgresService } = JSON.parse(readFileSync(join(home, "secrets", "credentials.json"), "utf8")) as {
    postgresService: string;
  };
  const socket = encodeURIComponent(join(home, "postgres", "socket"));
  const log = new PostgresEventLog({
    url: `postgresql://slipway_service:${postgresService}@${socket}/slipway`,
    knownTypes: new Set(EVENT_TYPES),
    upcast,
  });
  const differencesOf = async (api: Api, kind: string): Promise<string[]> => {
    const answer = await api.resources.list({ kind, project: "" });
    const state = await foldAsOf(log, Number(answer.position));
    const options = { registryHost: `127.0.0.1:${ports.registry}`, now: Date.now() };
    const folded = listView(state, kind, undefined, options).map(asAnswered);
    const shown = answer.resources.map(objectOf);
    const key = ({ metadata }: ApiObject) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const byKey = new Map(shown.map((object) => [key(object), object]));
    const unlike = folded.filter((object) => {
      const answered = byKey.get(key(object));
      byKey.delete(key(object));
      return !isDeepStrictEqual(object, answered);
    });
    return [...unlike.map(key), ...byKey.keys()];
  };
  return {
    events: async (from = 1) => {
      const events: StoredEvent[] = [];
      for await (const batch of log.read(from)) events.push(...batch);
      return events;
    },
    differences: async (api) => (await Promise.all(KINDS.map(({ kind }) => differencesOf(api, kind)))).flat(),
    close: () => log.close(),
  };
};

/** An object as the API would answer it. */
const asAnswered = (object: { readonly kind?: string }): ApiObject => {
  const { kind = "" } = object;
  const field = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
  return objectOf(fromJson(ResourceSchema, { [field]: object as JsonObject }, { ignoreUnknownFields: true }));
};
