import type { EndpointsValue, EndpointValue } from "@slipway/domain";
import { targetPort } from "../../network/plan/vips.ts";
import { CLUSTER_ZONE } from "../../sandbox/plan/resolv-conf.ts";

/** The services that names are made of. */
export interface ZoneView {
  service(project: string, name: string): EndpointsValue | undefined;
  hasProject(project: string): boolean;
  /** The service with this address. */
  byAddress(ip: string): EndpointsValue | undefined;
}

type ZoneRecord =
  | { readonly type: "A"; readonly name: string; readonly data: string }
  | { readonly type: "PTR"; readonly name: string; readonly data: string }
  | {
      readonly type: "SRV";
      readonly name: string;
      readonly data: {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      };
    };

export type ZoneAnswer =
  /** None of ours: the host's resolvers know. */
  | { readonly type: "forward" }
  | {
      readonly type: "answer";
      readonly found: boolean;
      readonly records: readonly ZoneRecord[];
      readonly additional: readonly ZoneRecord[];
    };

const SUFFIX = `.${CLUSTER_ZONE}`;
const NOT_FOUND: ZoneAnswer = { type: "answer", found: false, records: [], additional: [] };
/** The name stands, but has nothing of this type. */
const EMPTY: ZoneAnswer = { type: "answer", found: true, records: [], additional: [] };

/**
 * Answers for `cluster.local` as the specification of Kubernetes' DNS has it: `<service>.<project>.svc` (the service's
 * address, or those of a headless service's ready pods), `_<port>._<protocol>.<service>.<project>.svc`,
 * `<pod>.<service>.<project>.svc` of a headless service, `<1-2-3-4>.<project>.pod`, and the way back from an address.
 */
export const answerQuestion = (question: { name: string; type: string }, view: ZoneView): ZoneAnswer => {
  const { name, type } = question;
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (lower.endsWith(".in-addr.arpa")) return answerAddress(name, lower, type, view);
  if (lower !== CLUSTER_ZONE && !lower.endsWith(SUFFIX)) return { type: "forward" };
  const labels = lower === CLUSTER_ZONE ? [] : lower.slice(0, -SUFFIX.length).split(".");
  const kind = labels.pop();
  if (kind === undefined) return EMPTY;
  if (kind === "pod") return answerPod(name, type, labels);
  if (kind !== "svc") return NOT_FOUND;
  const project = labels.pop();
  if (project === undefined) return EMPTY;
  const serviceName = labels.pop();
  if (serviceName === undefined) return view.hasProject(project) ? EMPTY : NOT_FOUND;
  const service = view.service(project, serviceName);
  if (service === undefined) return NOT_FOUND;
  if (labels.length === 0) return answerService(name, type, service);
  const [first = "", second] = labels;
  if (second !== undefined) return labels.length === 2 ? answerPort(name, type, service, first, second) : NOT_FOUND;
  const pod = readyPods(service).find((endpoint) => endpoint.pod === first || dashed(endpoint.ip) === first);
  return pod === undefined || !isHeadless(service) ? NOT_FOUND : addresses(name, type, [pod.ip]);
};

const answerService = (name: string, type: string, service: EndpointsValue): ZoneAnswer => {
  const ips = isHeadless(service) ? readyPods(service).map(({ ip }) => ip) : [service.clusterIP];
  if (ips.length === 0) return NOT_FOUND;
  if (type !== "SRV") return addresses(name, type, ips);
  const answers = service.ports.map((port) => portRecords(name, service, port));
  return merge(answers);
};

const answerPort = (
  name: string,
  type: string,
  service: EndpointsValue,
  port: string,
  protocol: string,
): ZoneAnswer => {
  const found = service.ports.find(
    (known) => `_${known.name}` === port && `_${known.protocol.toLowerCase()}` === protocol && known.name !== "",
  );
  if (found === undefined) return NOT_FOUND;
  return type === "SRV" || type === "ANY" ? merge([portRecords(name, service, found)]) : EMPTY;
};

const portRecords = (name: string, service: EndpointsValue, port: EndpointsValue["ports"][number]) => {
  const host = `${service.service}.${service.project}.svc${SUFFIX}`;
  const targets = isHeadless(service)
    ? readyPods(service).map((endpoint) => ({
        target: `${dashed(endpoint.ip)}.${host}`,
        ip: endpoint.ip,
        port: targetPort(endpoint, port) ?? port.port,
      }))
    : [{ target: host, ip: service.clusterIP, port: port.port }];
  return targets.map(({ target, ip, port }) => ({
    record: { type: "SRV", name, data: { priority: 0, weight: 100, port, target } } as const,
    address: { type: "A", name: target, data: ip } as const,
  }));
};

const merge = (lists: readonly ReturnType<typeof portRecords>[]): ZoneAnswer => {
  const all = lists.flat();
  const extra = new Map(all.map(({ address }) => [address.name, address]));
  return { type: "answer", found: true, records: all.map(({ record }) => record), additional: [...extra.values()] };
};

const answerPod = (name: string, type: string, labels: readonly string[]): ZoneAnswer => {
  const [ip = "", project, ...rest] = labels;
  if (project === undefined) return labels.length === 0 ? EMPTY : NOT_FOUND;
  const address = ip.replaceAll("-", ".");
  if (rest.length > 0 || !/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return NOT_FOUND;
  return addresses(name, type, [address]);
};

const answerAddress = (name: string, lower: string, type: string, view: ZoneView): ZoneAnswer => {
  const ip = lower.slice(0, -".in-addr.arpa".length).split(".").reverse().join(".");
  const service = view.byAddress(ip);
  if (service === undefined) return { type: "forward" };
  if (type !== "PTR" && type !== "ANY") return EMPTY;
  const data = `${service.service}.${service.project}.svc${SUFFIX}`;
  return { type: "answer", found: true, records: [{ type: "PTR", name, data }], additional: [] };
};

const addresses = (name: string, type: string, ips: readonly string[]): ZoneAnswer =>
  type === "A" || type === "ANY"
    ? { type: "answer", found: true, records: ips.map((data) => ({ type: "A", name, data })), additional: [] }
    : EMPTY;

const isHeadless = ({ clusterIP }: EndpointsValue): boolean => clusterIP === "" || clusterIP === "None";

const readyPods = (service: EndpointsValue): EndpointValue[] => service.endpoints.filter(({ ready }) => ready);

const dashed = (ip: string): string => ip.replaceAll(".", "-");
