{{/* Claims of volumes of type claim, and the volume itself where one is described. */}}
{{- define "common.volumeclaims" -}}
{{- $c := . -}}
{{- range $name, $volume := .v.volumes }}
{{- if and (eq $volume.type "claim") (not $volume.existingClaim) }}
{{- $claim := printf "%s-%s" $c.name $name }}
{{- $pv := printf "%s-%s" $c.root.Release.Namespace $claim }}
{{- with $volume.persistentVolume }}
---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: {{ $pv }}
  labels:
    {{- include "common.labels" $c | nindent 4 }}
spec:
  accessModes:
    - {{ $volume.accessMode }}
  capacity:
    storage: {{ $volume.size }}
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  claimRef:
    namespace: {{ $c.root.Release.Namespace }}
    name: {{ $claim }}
  {{- toYaml . | nindent 2 }}
{{- end }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "common.metadata" (list $c $claim) | nindent 2 }}
spec:
  accessModes:
    - {{ $volume.accessMode }}
  {{- if $volume.persistentVolume }}
  storageClassName: ""
  volumeName: {{ $pv }}
  {{- else if $volume.storageClass }}
  storageClassName: {{ $volume.storageClass }}
  {{- end }}
  resources:
    requests:
      storage: {{ $volume.size }}
{{- end }}
{{- end }}
{{- end -}}
