import type { EmptyDirVolumeSourceJson, VolumeJson } from "@slipway/proto";
import { dnsLabel } from "../format/names.ts";
import { type Field, later, laterMember, list, object, quantity, string } from "./field.ts";

const emptyDir = object<EmptyDirVolumeSourceJson>({
  medium: string({ values: ["Memory"], later: ["HugePages"] }),
  sizeLimit: quantity(),
  mode: later(),
});

const LATER_SOURCES = [
  "hostPath",
  "configMap",
  "secret",
  "persistentVolumeClaim",
  "downwardAPI",
  "projected",
  "nfs",
  "iscsi",
  "gitRepo",
  "csi",
  "ephemeral",
  "image",
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
] as const;

/** The volumes of a pod. One that names no source is an `emptyDir`. */
export const volumes = (): Field =>
  list(
    object<VolumeJson>(
      {
        name: string({ required: true, format: dnsLabel }),
        emptyDir,
        ...Object.fromEntries(LATER_SOURCES.map((source) => [source, laterMember()])),
      },
      {
        oneOf: {
          members: ["emptyDir", ...LATER_SOURCES],
          several: "Forbidden: may not specify more than 1 volume type",
        },
        complete: (volume) => {
          volume.emptyDir ??= {};
        },
      },
    ),
    { uniqueBy: "name" },
  );
