/** Generated code and JSON types of every message in `proto/slipway/v1`. */
export * from "../gen/slipway/v1/api_pb.js";
export * from "../gen/slipway/v1/build_pb.js";
export * from "../gen/slipway/v1/events_pb.js";
export * from "../gen/slipway/v1/image_pb.js";
export * from "../gen/slipway/v1/meta_pb.js";
export * from "../gen/slipway/v1/node_pb.js";
export * from "../gen/slipway/v1/pod_pb.js";
export * from "../gen/slipway/v1/project_pb.js";
export * from "../gen/slipway/v1/replication_controller_pb.js";
export * from "../gen/slipway/v1/route_pb.js";
export * from "../gen/slipway/v1/service_pb.js";
