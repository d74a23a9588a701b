{{- define "common.notes" -}}
{{ .Release.Name }} is installed in namespace {{ .Release.Namespace }}.
{{ include "common.each" (dict "root" . "template" "common.componentnotes") }}
{{- end -}}

{{- define "common.componentnotes" }}
{{- $a := .v.autoscaling }}
{{ .name }}:
{{- if eq .v.kind "CronJob" }}
  runs on {{ .v.job.schedule | quote }}; once more now: kubectl -n {{ .root.Release.Namespace }} create job --from=cronjob/{{ .name }} {{ .name }}-now
{{- else if eq $a.mode "none" }}
  {{ .minimum }} replica(s), not scaled. For an autoscaler: --set {{ .path }}autoscaling.mode=hpa or keda
{{- else if eq $a.mode "hpa" }}
  scaled by an HPA, {{ .minimum }} to {{ int $a.maxReplicas }} replicas: kubectl -n {{ .root.Release.Namespace }} get hpa {{ .name }} --watch
{{- else }}
  scaled by KEDA, {{ .minimum }} to {{ int $a.maxReplicas }}: kubectl -n {{ .root.Release.Namespace }} get {{ lower (ternary "ScaledJob" "ScaledObject" (eq .v.kind "ScaledJob")) }} {{ .name }} --watch
  pollingInterval and cooldownPeriod only govern 0 <-> 1; between, its HPA decides every 15 s
{{- end }}
{{- if eq .v.kind "Deployment" }}
{{- if not .v.pdb.enabled }}
  no PodDisruptionBudget: {{ .path }}pdb.enabled is false
{{- else if eq (include "common.minavailable" .) "" }}
  no PodDisruptionBudget: with a minimum of {{ .minimum }} it would block drains; set {{ .path }}pdb.minAvailable to have one all the same
{{- else }}
  drains leave {{ include "common.minavailable" . }} pod(s)
{{- end }}
{{- if .v.service.enabled }}
{{- range $name, $port := .v.ports }}
{{- if gt (int $port.servicePort) 0 }}
  {{ $name }}: kubectl -n {{ $.root.Release.Namespace }} port-forward service/{{ $.service }} {{ int $port.containerPort }}:{{ int $port.servicePort }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{ end -}}
