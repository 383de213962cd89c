import { toJson } from "@bufbuild/protobuf";
import { isSlipwayError } from "@slipway/kernel";
import { Builds, Events, Pods, type Resource, ResourceSchema, Resources } from "@slipway/proto";
import { createChannel, createClient, type ServiceClient } from "@slipway/rpc";

/** An object as its manifest writes it; what tests look at has types. */
export interface ApiObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly resourceVersion?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly logSnippet?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly ready?: boolean;
      readonly restartCount?: number;
      readonly containerID?: string;
      readonly image?: string;
    }[];
  };
}

/** The API as our own client speaks it, with the waits that tests need. */
export interface Api {
  readonly resources: ServiceClient<typeof Resources>;
  readonly pods: ServiceClient<typeof Pods>;
  readonly builds: ServiceClient<typeof Builds>;
  readonly events: ServiceClient<typeof Events>;
  /** Applies the text of one manifest to a project and answers the position of its result. */
  apply(project: string, manifest: object | string): Promise<bigint>;
  get(kind: string, project: string, name: string): Promise<ApiObject | undefined>;
  list(kind: string, project: string, labelSelector?: string): Promise<ApiObject[]>;
  /** Watches one object until it satisfies `wanted`. */
  untilObject(
    kind: string,
    project: string,
    name: string,
    wanted: (object: ApiObject) => boolean,
    withinMs?: number,
  ): Promise<ApiObject>;
  /** Watches a kind until all of its objects of the project together satisfy `wanted`. */
  untilObjects(
    kind: string,
    project: string,
    wanted: (objects: readonly ApiObject[]) => boolean,
    withinMs?: number,
  ): Promise<ApiObject[]>;
  head(): Promise<number>;
  close(): void;
}

const WAIT_MS = 60_000;

export const openApi = (server: string, token: string): Api => {
  const channel = createChannel(server);
  const resources = createClient(Resources, channel, { token });

  const untilObjects: Api["untilObjects"] = async (kind, project, wanted, withinMs = WAIT_MS) => {
    const objects = new Map<string, ApiObject>();
    let complete = false;
    const call = { timeoutMs: withinMs };
    try {
      for await (const { type, resource } of resources.watch({ kind, project }, call)) {
        const object = resource && objectOf(resource);
        if (type === "BOOKMARK") complete = true;
        else if (object !== undefined && type === "DELETED") objects.delete(object.metadata.name);
        else if (object !== undefined) objects.set(object.metadata.name, object);
        const all = [...objects.values()];
        if (complete && wanted(all)) return all;
      }
    } catch (error) {
      if (!isSlipwayError(error, "DeadlineExceeded")) throw error;
    }
    const last = [...objects.values()].map(inShort);
    throw new Error(`${kind} of ${project} did not become as wanted within ${withinMs} ms:\n${last.join("\n")}`);
  };

  return {
    resources,
    pods: createClient(Pods, channel, { token }),
    builds: createClient(Builds, channel, { token }),
    events: createClient(Events, channel, { token }),
    apply: async (project, manifest) => {
      const content = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
      const { position } = await resources.apply({ project, manifests: [{ name: "test", content }] });
      return position;
    },
    get: async (kind, project, name) => {
      try {
        const { resource } = await resources.get({ key: { kind, project, name } });
        return resource && objectOf(resource);
      } catch (error) {
        if (isSlipwayError(error, "NotFound")) return undefined;
        throw error;
      }
    },
    list: async (kind, project, labelSelector = "") => {
      const answer = await resources.list({ kind, project, labelSelector });
      return answer.resources.map(objectOf);
    },
    untilObject: async (kind, project, name, wanted, withinMs) => {
      const named = (objects: readonly ApiObject[]) => objects.find((each) => each.metadata.name === name);
      const isWanted = (objects: readonly ApiObject[]): boolean => {
        const object = named(objects);
        return object !== undefined && wanted(object);
      };
      return named(await untilObjects(kind, project, isWanted, withinMs)) as ApiObject;
    },
    untilObjects,
    head: async () => Number((await resources.status({})).head),
    close: () => channel.close(),
  };
};

/** The JSON of a oneof has exactly one field, named after the kind. */
export const objectOf = (resource: Resource): ApiObject =>
  Object.values(toJson(ResourceSchema, resource) as unknown as Record<string, ApiObject>)[0] as ApiObject;

/** One line about an object that is not as wanted: what its containers say where it has some. */
const inShort = (object: ApiObject): string => {
  const { phase, containerStatuses, ...rest } = object.status ?? {};
  const detail = containerStatuses?.map(({ name, ...status }) => `${name} ${JSON.stringify(status)}`).join(", ");
  return `${object.metadata.name} ${phase} ${isReady(object) ? "ready" : (detail ?? JSON.stringify(rest))}`;
};

/** Running, and ready for requests. */
export const isReady = ({ status }: ApiObject): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;

/** How often the containers of a pod were started anew, together. */
export const restartsOf = ({ status }: ApiObject): number =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
