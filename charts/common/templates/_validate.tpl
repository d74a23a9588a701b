{{/* What a schema cannot say: values that contradict each other, and what the cluster lacks. All at once, each with its path and its cure. */}}
{{- define "common.validate" -}}
{{- $problems := printf "%s%s" (include "common.secretproblems" .) (include "common.each" (dict "root" . "template" "common.problems")) -}}
{{- with trim $problems }}
{{- $lines := splitList "\n" . }}
{{- fail (printf "\n%d %s of release %s cannot work:\n  %s" (len $lines) (ternary "value" "values" (eq (len $lines) 1)) $.Release.Name (join "\n  " $lines)) }}
{{- end -}}
{{- end -}}

{{- define "common.problems" -}}
{{- $path := .path -}}
{{- $a := .v.autoscaling -}}
{{- $t := $a.triggers -}}
{{- $max := int $a.maxReplicas -}}
{{- $enabled := list -}}
{{- range $type, $trigger := $t }}{{ if $trigger.enabled }}{{ $enabled = append $enabled $type }}{{ end }}{{ end -}}
{{- $requests := .v.resources.requests | default dict -}}

{{- if ne $a.mode "none" }}
{{- if gt .minimum $max }}
{{ $path }}autoscaling.minReplicas is {{ .minimum }}, above {{ $path }}autoscaling.maxReplicas {{ $max }}: raise the maximum or lower the minimum
{{- end }}
{{- if eq .v.kind "CronJob" }}
{{ $path }}autoscaling.mode is {{ $a.mode }}, but {{ $path }}kind is CronJob, which has no replicas: set {{ $path }}autoscaling.mode=none, or {{ $path }}kind=ScaledJob
{{- end }}
{{- end }}

{{- if and (eq .v.kind "ScaledJob") (ne $a.mode "keda") }}
{{ $path }}kind is ScaledJob, but {{ $path }}autoscaling.mode is {{ $a.mode }}: set {{ $path }}autoscaling.mode=keda
{{- end }}

{{- if eq $a.mode "hpa" }}
{{- if lt .minimum 1 }}
{{ $path }}autoscaling.minReplicas is 0, which an HPA cannot do: set it to 1, or {{ $path }}autoscaling.mode=keda
{{- end }}
{{- if and (eq (int $a.hpa.cpu) 0) (eq (int $a.hpa.memory) 0) }}
{{ $path }}autoscaling.mode is hpa without a metric: set {{ $path }}autoscaling.hpa.cpu or {{ $path }}autoscaling.hpa.memory to a percentage
{{- end }}
{{- range $resource := list "cpu" "memory" }}
{{- if and (gt (int (index $a.hpa $resource)) 0) (not (index $requests $resource)) }}
{{ $path }}autoscaling.hpa.{{ $resource }} is a percentage of a request that is missing: set {{ $path }}resources.requests.{{ $resource }}
{{- end }}
{{- end }}
{{- end }}

{{- if eq $a.mode "keda" }}
{{- if not $enabled }}
{{ $path }}autoscaling.mode is keda without a trigger: set {{ $path }}autoscaling.triggers.<type>.enabled=true for one of {{ keys $t | sortAlpha | join ", " }}
{{- end }}
{{- if and $enabled (not (without $enabled "cpu" "memory")) (eq .minimum 0) }}
{{ $path }}autoscaling.minReplicas is 0, but its only triggers are {{ join " and " $enabled }}, which no pod can report at zero: set it to 1 or enable another trigger
{{- end }}
{{- range $resource := list "cpu" "memory" }}
{{- if and (index $t $resource).enabled (not (index $requests $resource)) }}
{{ $path }}autoscaling.triggers.{{ $resource }}.utilization is a percentage of a request that is missing: set {{ $path }}resources.requests.{{ $resource }}
{{- end }}
{{- end }}
{{- if ne (toString $a.keda.idleReplicas) "" }}
{{- if ge (int $a.keda.idleReplicas) .minimum }}
{{ $path }}autoscaling.keda.idleReplicas is {{ int $a.keda.idleReplicas }}, not below {{ $path }}autoscaling.minReplicas {{ .minimum }}: lower it or leave it empty
{{- end }}
{{- end }}
{{- if and $t.cron.enabled (eq $t.cron.start $t.cron.end) }}
{{ $path }}autoscaling.triggers.cron.start and .end are the same: the window would be empty; change one
{{- end }}
{{- if and $t.cron.enabled (gt (int $t.cron.desiredReplicas) $max) }}
{{ $path }}autoscaling.triggers.cron.desiredReplicas is {{ int $t.cron.desiredReplicas }}, above {{ $path }}autoscaling.maxReplicas {{ $max }}: raise the maximum or want fewer
{{- end }}
{{- if $t.sqs.enabled }}
{{- if not (or $t.sqs.queueName $t.sqs.queueUrl) }}
{{ $path }}autoscaling.triggers.sqs names no queue: set its queueName or queueUrl
{{- end }}
{{- if and (eq $t.sqs.auth "secret") (eq .root.Values.secret.mode "none") }}
{{ $path }}autoscaling.triggers.sqs.auth is secret, but secret.mode is none: set secret.mode, or {{ $path }}autoscaling.triggers.sqs.auth=podIdentity
{{- end }}
{{- if and (eq $t.sqs.auth "secret") (ne .root.Values.secret.mode "none") (not (and (hasKey .root.Values.secret.data "AWS_ACCESS_KEY_ID") (hasKey .root.Values.secret.data "AWS_SECRET_ACCESS_KEY"))) }}
{{ $path }}autoscaling.triggers.sqs.auth is secret, but secret.data has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: name both keys there, or set {{ $path }}autoscaling.triggers.sqs.auth=podIdentity
{{- end }}
{{- end }}
{{- if $t.kafka.enabled }}
{{- $partitions := include "common.text" (list . $t.kafka.partitions) | int }}
{{- if and (gt $max $partitions) (not $t.kafka.allowIdleConsumers) }}
{{ $path }}autoscaling.maxReplicas is {{ $max }}, above the {{ $partitions }} partitions of {{ $path }}autoscaling.triggers.kafka.partitions: lower it, add partitions, or set {{ $path }}autoscaling.triggers.kafka.allowIdleConsumers=true
{{- end }}
{{- if and $t.kafka.allowIdleConsumers $t.kafka.limitToPartitionsWithLag }}
{{ $path }}autoscaling.triggers.kafka.allowIdleConsumers and .limitToPartitionsWithLag exclude each other: set one of them to false
{{- end }}
{{- range $field := list "topic" "consumerGroup" }}
{{- if not (index $t.kafka $field) }}
{{ $path }}autoscaling.triggers.kafka.{{ $field }} is empty: set it
{{- end }}
{{- end }}
{{- end }}
{{- if and $t.prometheus.enabled (not $t.prometheus.query) }}
{{ $path }}autoscaling.triggers.prometheus.query is empty: set it to a query with one value
{{- end }}
{{- if $t.http.enabled }}
{{- if not $t.http.hosts }}
{{ $path }}autoscaling.triggers.http.hosts is empty: name the hosts whose requests wake {{ .name }}
{{- end }}
{{- if not .v.service.enabled }}
{{ $path }}service.enabled is false, but the http trigger sends requests to the Service: set it to true
{{- end }}
{{- include "common.needkind" (list . "http.keda.sh/v1beta1/InterceptorRoute" "autoscaling.triggers.http.enabled=false" "the KEDA HTTP add-on") }}
{{- end }}
{{- include "common.needkind" (list . (ternary "keda.sh/v1alpha1/ScaledJob" "keda.sh/v1alpha1/ScaledObject" (eq .v.kind "ScaledJob")) "autoscaling.mode=hpa or none" "KEDA") }}
{{- end }}

{{- if and .root.Values.global.monitoring.enabled (or .v.monitoring.serviceMonitor .v.monitoring.rules.enabled) }}
{{- include "common.needkind" (list (dict "root" .root "path" "") "monitoring.coreos.com/v1/ServiceMonitor" "global.monitoring.enabled=false" "the Prometheus operator") }}
{{- end }}

{{- with include "common.minavailable" . }}
{{- if gt (int .) $.minimum }}
{{ $path }}pdb.minAvailable is {{ . }}, above the minimum of {{ $.minimum }} replicas: no node could ever be drained; lower it or raise the minimum
{{- end }}
{{- end }}

{{- if not .runsToEnd }}
{{- $needed := add (int .v.drain.preStopSleepSeconds) (include "common.drainseconds" . | int) }}
{{- if lt (include "common.graceperiod" . | int) (int $needed) }}
{{ $path }}drain.gracePeriodSeconds is {{ int .v.drain.gracePeriodSeconds }}, below the {{ $needed }} s of drain.preStopSleepSeconds and env.SHUTDOWN_GRACE_MS: pods would be killed while they drain; raise it or leave it empty
{{- end }}
{{- if not (hasKey .v.ports .v.metricsPort) }}
{{ $path }}metricsPort is {{ .v.metricsPort }}, which {{ $path }}ports does not have: name one of {{ keys .v.ports | sortAlpha | join ", " }}
{{- end }}
{{- end }}

{{- $nodePorts := false }}
{{- range $_, $port := .v.service.nodePorts }}{{ if gt (int $port) 0 }}{{ $nodePorts = true }}{{ end }}{{ end }}
{{- if and $nodePorts (ne .v.service.type "NodePort") (ne .v.service.type "LoadBalancer") }}
{{ $path }}service.nodePorts is set, but {{ $path }}service.type is {{ .v.service.type }}: set it to NodePort or LoadBalancer
{{- end }}
{{- if and (ne .v.service.type "ClusterIP") .v.service.enabled (not .runsToEnd) .v.networkPolicy.enabled (not .v.networkPolicy.cidrs) }}
{{ $path }}service.type is {{ .v.service.type }}, but {{ $path }}networkPolicy.cidrs is empty: callers from outside would be cut off; set it, such as to {0.0.0.0/0}, or {{ $path }}networkPolicy.enabled=false
{{- end }}
{{- range $port, $_ := .v.service.nodePorts }}
{{- if not (hasKey $.v.ports $port) }}
{{ $path }}service.nodePorts.{{ $port }} names no port: {{ $path }}ports has {{ keys $.v.ports | sortAlpha | join ", " }}
{{- end }}
{{- end }}
{{- if and .v.config.files (not .v.config.mountPath) }}
{{ $path }}config.files has files but {{ $path }}config.mountPath is empty: set the folder for them
{{- end }}
{{- range $name, $volume := .v.volumes }}
{{- if and (eq $volume.type "claim") (not $volume.existingClaim) (not $volume.size) }}
{{ $path }}volumes.{{ $name }}.size is empty: a claim needs one, such as 64Mi; or set existingClaim
{{- end }}
{{- if and (eq $volume.type "claim") (hasPrefix "ReadWriteOnce" ($volume.accessMode | default "")) (eq $.v.kind "Deployment") (gt (ternary $.minimum $max (eq $a.mode "none")) 1) }}
{{ $path }}volumes.{{ $name }}.accessMode is {{ $volume.accessMode }}, but there may be more than one pod: use ReadWriteMany, type emptyDir, or a maximum of 1
{{- end }}
{{- end }}
{{- end -}}

{{- define "common.secretproblems" -}}
{{- $s := .Values.secret -}}
{{- if eq $s.mode "create" }}
{{- if not $s.data }}
secret.mode is create, but secret.data is empty: set its keys, or secret.mode=none
{{- end }}
{{- range $key, $value := $s.data }}
{{- if not $value }}
secret.data.{{ $key }} is empty: pass it with --set secret.data.{{ $key }}=..., or set secret.mode to existing, external or sealed
{{- end }}
{{- end }}
{{- else if eq $s.mode "existing" }}
{{- if not $s.existingName }}
secret.mode is existing, but secret.existingName is empty: name the Secret
{{- else if eq (include "common.checkscluster" .) "ask" }}
{{- $found := lookup "v1" "Secret" .Release.Namespace $s.existingName }}
{{- if not $found }}
secret.existingName: there is no Secret {{ $s.existingName }} in namespace {{ .Release.Namespace }}: create it first, or set secret.mode=create
{{- else }}
{{- range $key, $_ := $s.data }}
{{- if not (hasKey ($found.data | default dict) $key) }}
secret.existingName: Secret {{ $s.existingName }} in namespace {{ $.Release.Namespace }} has no key {{ $key }}: add it
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- else if eq $s.mode "external" }}
{{- range $field := list "store" "remoteKey" }}
{{- if not (index $s.external $field) }}
secret.mode is external, but secret.external.{{ $field }} is empty: set it
{{- end }}
{{- end }}
{{- include "common.needkind" (list (dict "root" . "path" "") "external-secrets.io/v1/ExternalSecret" "secret.mode=existing" "the External Secrets Operator") }}
{{- else if eq $s.mode "sealed" }}
{{- if not $s.sealed.encryptedData }}
secret.mode is sealed, but secret.sealed.encryptedData is empty: add what kubeseal prints, or set secret.mode=none
{{- end }}
{{- range $key, $_ := $s.data }}
{{- if not (hasKey $s.sealed.encryptedData $key) }}
secret.mode is sealed, but secret.sealed.encryptedData.{{ $key }} is missing: add what kubeseal prints for it
{{- end }}
{{- end }}
{{- include "common.needkind" (list (dict "root" . "path" "") "bitnami.com/v1alpha1/SealedSecret" "secret.mode=existing" "Sealed Secrets") }}
{{- end }}
{{- end -}}

{{/* ask: there is a cluster to ask; offline: `helm template` told to check what --api-versions says; no: no checks. */}}
{{- define "common.checkscluster" -}}
{{- if ne .Values.global.checks "never" -}}
{{- if lookup "v1" "Namespace" "" "kube-system" }}ask{{ else if eq .Values.global.checks "always" }}offline{{ end -}}
{{- end -}}
{{- end -}}

{{/* (list component group/version/Kind cure product) */}}
{{- define "common.needkind" -}}
{{- $c := index . 0 -}}
{{- if include "common.checkscluster" $c.root -}}
{{- if not ($c.root.Capabilities.APIVersions.Has (index . 1)) }}
{{ $c.path }}{{ index . 2 | splitList "=" | first }}: the cluster has no {{ index . 1 }}: install {{ index . 3 }}, or set {{ $c.path }}{{ index . 2 }}
{{- end }}
{{- end }}
{{- end -}}
