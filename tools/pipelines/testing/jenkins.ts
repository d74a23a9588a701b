import { inCheck, type Sabotage } from './sabotage';

export const jenkins: readonly Sabotage[] = [
  ...inCheck('Jenkinsfile', [
    ['Jenkinsfile', "stage('Push charts')", "stage('Push')", /stages are .*Push, Deploy; they should be/],
    [
      'Jenkinsfile',
      "        not { changeRequest() }\n        anyOf { branch 'main'; buildingTag() }\n        expression { env.COMMIT_AUTHOR != 'fluxcdbot' }\n        expression",
      "        anyOf { branch 'main'; buildingTag() }\n        expression { env.COMMIT_AUTHOR != 'fluxcdbot' }\n        expression",
      /stage Deploy runs for pull requests/,
    ],
    [
      'Jenkinsfile',
      "branch 'main'; buildingTag()",
      "branch 'main'; changeset 'x'",
      /stage Push images runs for every branch/,
    ],
    ['Jenkinsfile', "sh 'bash .ci/run'", 'sh "bash .ci/run"', /is filled in by Groovy/],
    [
      'Jenkinsfile',
      "credentialsId: 'kubeconfig'",
      "credentialsId: 'kube'",
      /asks for no credentials kubeconfig/,
    ],
    [
      'Jenkinsfile',
      "credentialsId: 'kubeconfig'",
      'credentialsId: params.KUBE',
      /credentialsId params\.KUBE is no fixed id/,
    ],
    ['Jenkinsfile', 'githubPush()', '', /triggers lack githubPush/],
    ['Jenkinsfile', "timeout(time: 3, unit: 'HOURS')", '', /options have no timeout/],
    ['Jenkinsfile', '--status failure', '--status success', /post \{ failure \} does not tell of failure/],
    ['Jenkinsfile', '    success {', '    always {', /post \{ success \} does not tell/],
    [
      'Jenkinsfile',
      "catchError(buildResult: 'FAILURE'",
      "timeout(buildResult: 'FAILURE'",
      /post \{ failure \}: a message that nobody got/,
    ],
    ['Jenkinsfile', 'options {', 'option {', /option is no section of a declarative pipeline/],
    [
      'Jenkinsfile',
      "steps {\n        script { env.AT_STAGE = env.STAGE_NAME }\n        sh 'bash",
      "steps {\n        sh 'bash",
      /stage Check does not say where it is/,
    ],
    ['Jenkinsfile', 'environment {', "environment {\n    API_TOKEN = 'abc'", /has a secret in the open/],
    ['Jenkinsfile', "    stage('Check') {", "    stage('Check') {{", /has no }/],
    [
      'Jenkinsfile',
      "description: 'Of pushed images.'",
      "description: 'Of pushed images.",
      /a string or comment without end/,
    ],
  ]),
];
