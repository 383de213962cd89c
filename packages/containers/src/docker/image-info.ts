import type Docker from "dockerode";
import type { ImageInfo, ImageSummary } from "../image.ts";
import { fromEnvList } from "./container-config.ts";

export const toImageInfo = (raw: Docker.ImageInspectInfo): ImageInfo => {
  const config = raw.Config as Partial<Docker.ImageInspectInfo["Config"]> & { OnBuild?: string[]; StopSignal?: string };
  return {
    id: raw.Id,
    tags: raw.RepoTags ?? [],
    repoDigests: raw.RepoDigests ?? [],
    labels: config.Labels ?? {},
    env: fromEnvList(config.Env),
    cmd: config.Cmd ?? [],
    entrypoint: typeof config.Entrypoint === "string" ? [config.Entrypoint] : (config.Entrypoint ?? []),
    user: config.User ?? "",
    workingDir: config.WorkingDir ?? "",
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    onBuild: config.OnBuild ?? [],
    volumes: Object.keys(config.Volumes ?? {}),
    stopSignal: config.StopSignal ?? "",
    architecture: raw.Architecture,
    createdAt: raw.Created,
    sizeBytes: raw.Size,
  };
};

export const toImageSummary = (raw: Docker.ImageInfo): ImageSummary => ({
  id: raw.Id,
  tags: (raw.RepoTags ?? []).filter((tag) => tag !== "<none>:<none>"),
  repoDigests: raw.RepoDigests ?? [],
  labels: raw.Labels ?? {},
  createdAt: new Date(raw.Created * 1_000).toISOString(),
  sizeBytes: raw.Size,
});
