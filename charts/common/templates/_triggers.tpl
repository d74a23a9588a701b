{{/* KEDA's triggers. What equals KEDA's own default is left out. */}}
{{- define "common.triggers" -}}
{{- $c := . -}}
{{- $t := .v.autoscaling.triggers -}}
{{- if $t.cron.enabled }}
- type: cron
  metadata:
    timezone: {{ $t.cron.timezone }}
    start: {{ $t.cron.start | quote }}
    end: {{ $t.cron.end | quote }}
    desiredReplicas: {{ int $t.cron.desiredReplicas | quote }}
{{- end }}
{{- range $resource := list "cpu" "memory" }}
{{- with index $t $resource }}
{{- if .enabled }}
- type: {{ $resource }}
  metricType: Utilization
  metadata:
    value: {{ int .utilization | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if $t.sqs.enabled }}
{{- $endpoint := .root.Values.global.endpoints.aws }}
- type: aws-sqs-queue
  metadata:
    queueURL: {{ include "common.queueurl" . | quote }}
    awsRegion: {{ .root.Values.global.endpoints.awsRegion }}
    {{- with $endpoint }}
    awsEndpoint: {{ . | quote }}
    {{- end }}
    queueLength: {{ int $t.sqs.queueLength | quote }}
    {{- if gt (int $t.sqs.activationQueueLength) 0 }}
    activationQueueLength: {{ int $t.sqs.activationQueueLength | quote }}
    {{- end }}
    {{- if not $t.sqs.scaleOnInFlight }}
    scaleOnInFlight: "false"
    {{- end }}
    {{- if $t.sqs.scaleOnDelayed }}
    scaleOnDelayed: "true"
    {{- end }}
  {{- if ne $t.sqs.auth "none" }}
  authenticationRef:
    name: {{ .name }}
  {{- end }}
{{- end }}
{{- if $t.kafka.enabled }}
- type: kafka
  metadata:
    bootstrapServers: {{ include "common.text" (list . $t.kafka.bootstrapServers) | quote }}
    consumerGroup: {{ include "common.text" (list . $t.kafka.consumerGroup) | quote }}
    topic: {{ include "common.text" (list . $t.kafka.topic) | quote }}
    lagThreshold: {{ int $t.kafka.lagThreshold | quote }}
    offsetResetPolicy: {{ $t.kafka.offsetResetPolicy }}
    {{- if gt (int $t.kafka.activationLagThreshold) 0 }}
    activationLagThreshold: {{ int $t.kafka.activationLagThreshold | quote }}
    {{- end }}
    {{- range $field := list "allowIdleConsumers" "excludePersistentLag" "limitToPartitionsWithLag" }}
    {{- if index $t.kafka $field }}
    {{ $field }}: "true"
    {{- end }}
    {{- end }}
{{- end }}
{{- if $t.prometheus.enabled }}
- type: prometheus
  metadata:
    serverAddress: {{ include "common.text" (list . $t.prometheus.serverAddress) | quote }}
    query: {{ include "common.text" (list . $t.prometheus.query) | quote }}
    threshold: {{ include "common.text" (list . $t.prometheus.threshold) | quote }}
    {{- if gt ($t.prometheus.activationThreshold | float64) 0.0 }}
    activationThreshold: {{ include "common.text" (list . $t.prometheus.activationThreshold) | quote }}
    {{- end }}
    {{- if not $t.prometheus.ignoreNullValues }}
    ignoreNullValues: "false"
    {{- end }}
{{- end }}
{{- if $t.http.enabled }}
- type: external-push
  metadata:
    scalerAddress: {{ include "common.text" (list . $t.http.scalerAddress) | quote }}
    interceptorRoute: {{ .name }}
{{- end }}
{{- end -}}

{{- define "common.queueurl" -}}
{{- $e := .root.Values.global.endpoints -}}
{{- $sqs := .v.autoscaling.triggers.sqs -}}
{{- if $sqs.queueUrl }}{{ include "common.text" (list . $sqs.queueUrl) -}}
{{- else }}{{ printf "%s/%s/%s" ($e.aws | default (printf "https://sqs.%s.amazonaws.com" $e.awsRegion)) $e.awsAccount (include "common.text" (list . $sqs.queueName)) }}
{{- end -}}
{{- end -}}

{{/* How KEDA's operator signs in to AWS. */}}
{{- define "common.triggerauthentication" -}}
{{- $sqs := .v.autoscaling.triggers.sqs -}}
{{- if and $sqs.enabled (ne $sqs.auth "none") }}
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  {{- if eq $sqs.auth "podIdentity" }}
  podIdentity:
    provider: aws
  {{- else }}
  secretTargetRef:
    - parameter: awsAccessKeyID
      name: {{ include "common.secretname" .root }}
      key: AWS_ACCESS_KEY_ID
    - parameter: awsSecretAccessKey
      name: {{ include "common.secretname" .root }}
      key: AWS_SECRET_ACCESS_KEY
  {{- end }}
{{- end }}
{{- end -}}

{{/* Which requests the HTTP add-on counts, holds while there is no pod, and passes on. */}}
{{- define "common.interceptorroute" -}}
{{- $http := .v.autoscaling.triggers.http -}}
{{- if $http.enabled }}
---
apiVersion: http.keda.sh/v1beta1
kind: InterceptorRoute
metadata:
  {{- include "common.metadata" (list . .name) | nindent 2 }}
spec:
  target:
    service: {{ .service }}
    portName: {{ .v.metricsPort }}
  rules:
    - hosts:
        {{- $c := . }}
        {{- range $http.hosts }}
        - {{ include "common.text" (list $c .) | quote }}
        {{- end }}
  scalingMetric:
    {{- if eq $http.metric "requestRate" }}
    requestRate:
      targetValue: {{ int $http.targetValue }}
      window: {{ $http.window }}
      granularity: {{ $http.granularity }}
    {{- else }}
    concurrency:
      targetValue: {{ int $http.targetValue }}
    {{- end }}
{{- end }}
{{- end -}}
