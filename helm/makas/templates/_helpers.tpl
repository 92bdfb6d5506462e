{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* Name of everything that this release makes; a Kubernetes name has at most 63 characters. */}}
{{- define "makas.name" -}}
{{- if contains "makas" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-makas" (.Release.Name | trunc 46 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{- define "makas.selectorLabels" -}}
app.kubernetes.io/name: makas
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "makas.labels" -}}
{{ include "makas.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "makas.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "makas.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "makas.name" .) "default") -}}
{{- end -}}

{{/* Folder of the sockets: the same on the node, where the runtime's launcher looks, and in the container. */}}
{{- define "makas.runDir" -}}/run/makas{{- end -}}

{{- define "makas.usesDpdk" -}}
{{- if ne .Values.config.dpdk.mode "off" }}true{{ end -}}
{{- end -}}

{{- define "makas.usesHugepages" -}}
{{- if and (include "makas.usesDpdk" .) .Values.config.dpdk.hugepages }}true{{ end -}}
{{- end -}}

{{/* The agent's configuration: the user's values, and what this chart decides. */}}
{{- define "makas.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $_ := set $config "grpc" (dict "socket" (printf "%s/makas.sock" (include "makas.runDir" .))) -}}
{{- $cni := .Values.cni.enabled | ternary (printf "%s/cni.sock" (include "makas.runDir" .)) "off" -}}
{{- $_ := set $config "cni" (dict "socket" $cni) -}}
{{- if .Values.flows -}}
{{- $_ := set $config "flow-file" "/etc/makas/flows" -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Our plugin's part of the conflist, as JSON. */}}
{{- define "makas.plugin" -}}
{{- dict
      "type" "makas-cni"
      "agentSocket" (printf "%s/cni.sock" (include "makas.runDir" .))
      "mtu" (int .Values.cni.mtu)
      "ipam" .Values.cni.ipam
    | toJson -}}
{{- end -}}

{{/* How the Java virtual machine of the image is started; what follows is a class and its arguments. */}}
{{- define "makas.java" -}}
- /opt/makas/java/bin/java
- "@/opt/makas/java.options"
{{- end -}}

{{/* Asks whether the CNI plugin can serve. */}}
{{- define "makas.status" -}}
- /opt/makas/cni/makas-cni
- --status
- /etc/makas/status.json
{{- end -}}
