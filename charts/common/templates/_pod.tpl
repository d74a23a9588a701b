{{/* Pod template of every kind of workload. */}}
{{- define "common.pod" -}}
{{- $c := . -}}
metadata:
  labels:
    {{- include "common.podlabels" . | nindent 4 }}
    {{- with .v.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- $checksums := dict }}
  {{- if eq .root.Values.secret.mode "create" }}{{ $_ := set $checksums "checksum/secret" (toJson .root.Values.secret.data | sha256sum) }}{{ end }}
  {{- if .v.config.files }}{{ $_ := set $checksums "checksum/config" (toJson .v.config.files | sha256sum) }}{{ end }}
  {{- with merge (deepCopy .v.podAnnotations) $checksums }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .name }}
  automountServiceAccountToken: {{ .v.serviceAccount.automountToken }}
  {{- with .root.Values.global.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- if .runsToEnd }}
  restartPolicy: Never
  {{- else }}
  terminationGracePeriodSeconds: {{ include "common.graceperiod" . }}
  {{- end }}
  {{- with include "common.scheduling" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ int .v.podSecurity.runAsUser }}
    fsGroup: {{ int .v.podSecurity.fsGroup }}
  containers:
    - {{ include "common.container" . | nindent 6 | trim }}
  {{- if or .v.volumes .v.config.files }}
  volumes:
    {{- range $name, $volume := .v.volumes }}
    - name: {{ $name }}
      {{- if eq $volume.type "claim" }}
      persistentVolumeClaim:
        claimName: {{ $volume.existingClaim | default (printf "%s-%s" $c.name $name) }}
      {{- else if $volume.size }}
      emptyDir:
        sizeLimit: {{ $volume.size }}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- end }}
    {{- if .v.config.files }}
    - name: config
      configMap:
        name: {{ .name }}-config
    {{- end }}
  {{- end }}
{{- end -}}

{{- define "common.container" -}}
name: {{ .name }}
image: {{ include "common.image" . | quote }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
{{- with .v.ports }}
ports:
  {{- range $name, $port := . }}
  - name: {{ $name }}
    containerPort: {{ int $port.containerPort }}
    protocol: TCP
  {{- end }}
{{- end }}
{{ include "common.env" . }}
{{- if not .runsToEnd }}
{{- if gt (int .v.drain.preStopSleepSeconds) 0 }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ int .v.drain.preStopSleepSeconds }}
{{- end }}
{{- range $name, $probe := .v.probes }}
{{ $name }}Probe:
  httpGet:
    path: {{ $probe.path }}
    port: {{ $.v.metricsPort }}
  {{- range $field, $number := omit $probe "path" }}
  {{- if not (or (and (eq $field "initialDelaySeconds") (eq (int $number) 0)) (and (eq $field "successThreshold") (eq (int $number) 1))) }}
  {{ $field }}: {{ int $number }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}
resources:
  {{- toYaml .v.resources | nindent 2 }}
{{ include "common.containersecurity" . }}
{{- if or .v.volumes .v.config.files }}
volumeMounts:
  {{- range $name, $volume := .v.volumes }}
  - name: {{ $name }}
    mountPath: {{ $volume.mountPath }}
  {{- end }}
  {{- if .v.config.files }}
  - name: config
    mountPath: {{ .v.config.mountPath }}
    readOnly: true
  {{- end }}
{{- end }}
{{- end -}}

{{- define "common.env" -}}
{{- $c := . -}}
env:
  {{- range $name, $value := .v.env }}
  {{- $text := include "common.text" (list $c $value) }}
  {{- if ne $text "" }}
  - name: {{ $name }}
    value: {{ $text | quote }}
  {{- end }}
  {{- end }}
  {{- range $name, $port := .v.ports }}
  {{- with $port.env }}
  - name: {{ . }}
    value: {{ int $port.containerPort | quote }}
  {{- end }}
  {{- end }}
{{- if and (ne .root.Values.secret.mode "none") .v.useSecret }}
envFrom:
  - secretRef:
      name: {{ include "common.secretname" .root }}
{{- end }}
{{- end -}}

{{/* What Pod Security "restricted" asks of a container, and a read-only root file system. */}}
{{- define "common.containersecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop:
      - ALL
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "common.scheduling" -}}
{{- $c := . -}}
{{- with .v.scheduling }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if not $c.runsToEnd }}
{{- if gt (int .antiAffinityWeight) 0 }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: {{ int .antiAffinityWeight }}
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "common.selector" $c | nindent 14 }}
{{- end }}
{{- if or .spreadZones .spreadHosts }}
topologySpreadConstraints:
  {{- range $key, $on := dict "topology.kubernetes.io/zone" .spreadZones "kubernetes.io/hostname" .spreadHosts }}
  {{- if $on }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys:
      - pod-template-hash
    labelSelector:
      matchLabels:
        {{- include "common.selector" $c | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
