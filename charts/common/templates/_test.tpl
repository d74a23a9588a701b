{{/* Pods of `helm test`. */}}
{{- define "common.tests" -}}
{{- include "common.each" (dict "root" . "template" "common.componenttests") -}}
{{- end -}}

{{- define "common.componenttests" -}}
{{- if and .v.tests.enabled (eq .v.kind "Deployment") }}
{{- if or .v.tests.host (gt .minimum 0) }}
{{- include "common.testpod" (list . "answers" .v.tests.path "200") }}
{{- end }}
{{- include "common.testpod" (list . "harness-can-fail" "/no-such-path-of-this-service" "failure") }}
{{- end }}
{{- if and .v.tests.enabled .runsToEnd }}{{ include "common.testrun" . }}{{ end }}
{{- end -}}

{{- define "common.testhooks" -}}
helm.sh/hook: test
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "common.testlabels" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: scalelab
app.kubernetes.io/component: test
{{- end -}}

{{/* One run of a job's own pod, on volumes of its own: passes when the run does. */}}
{{- define "common.testrun" }}
{{- $volumes := dict }}
{{- range $name, $volume := .v.volumes }}
{{- $_ := set $volumes $name (merge (dict "type" "emptyDir" "size" "") $volume) }}
{{- end }}
{{- $component := merge (dict "v" (merge (dict "volumes" $volumes) .v)) . }}
{{- $pod := include "common.pod" $component | fromYaml }}
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ .name }}-test-runs
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "common.testlabels" . | nindent 4 }}
  annotations:
    {{- include "common.testhooks" . | nindent 4 }}
spec:
  activeDeadlineSeconds: {{ int .v.job.activeDeadlineSeconds }}
  {{- toYaml $pod.spec | nindent 2 }}
{{- end -}}

{{/* Asks the service for a path, for at most a minute; "failure": passes only if the very same check does not: (list component name path expected). */}}
{{- define "common.testpod" }}
{{- $c := index . 0 }}
{{- $port := index $c.v.ports $c.v.metricsPort }}
{{- $url := printf "http://%s:%d%s" $c.service (int $port.servicePort) (index . 2) }}
{{- if and $c.v.tests.host (eq (index . 3) "200") }}{{ $url = printf "http://%s/" $c.root.Values.global.endpoints.httpProxy }}{{ end }}
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ $c.name }}-test-{{ index . 1 }}
  namespace: {{ $c.root.Release.Namespace }}
  labels:
    {{- include "common.testlabels" $c | nindent 4 }}
  annotations:
    {{- include "common.testhooks" $c | nindent 4 }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  activeDeadlineSeconds: 120
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ int $c.v.podSecurity.runAsUser }}
  containers:
    - name: test
      image: {{ include "common.image" $c | quote }}
      imagePullPolicy: {{ $c.root.Values.global.image.pullPolicy }}
      command:
        - {{ $c.v.tests.node }}
        - -e
        - |
          const [url, host, expected] = process.argv.slice(1);
          const deadline = Date.now() + (expected === '200' ? 60000 : 3000);
          const ask = () =>
            new Promise((done) => {
              const request = require('http').get(url, { headers: host ? { host } : {}, timeout: 30000 }, (answer) => {
                answer.resume();
                done(String(answer.statusCode));
              });
              request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
              request.on('error', (error) => done(error.message));
            });
          (async () => {
            let got = await ask();
            while (got !== '200' && Date.now() < deadline) {
              await new Promise((wake) => setTimeout(wake, 1000));
              got = await ask();
            }
            const passed = (got === '200') === (expected === '200');
            console.log((passed ? 'passed' : 'FAILED') + ': ' + url + ' answered ' + got + ', expected ' + expected);
            process.exit(passed ? 0 : 1);
          })();
        - {{ $url | quote }}
        - {{ include "common.text" (list $c $c.v.tests.host) | quote }}
        - {{ index . 3 | quote }}
      resources:
        requests:
          cpu: 10m
          memory: 64Mi
        limits:
          memory: 128Mi
      {{- include "common.containersecurity" $c | nindent 6 }}
{{- end -}}
