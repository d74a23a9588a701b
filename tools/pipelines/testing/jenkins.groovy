// Plays a declarative Jenkinsfile: its stages, conditions, credentials and post sections, with every `sh` run for real.
// java -cp groovy.jar groovy.ui.GroovyMain jenkins.groovy JENKINSFILE; BRANCH_NAME, TAG_NAME and CHANGE_ID as Jenkins sets them; the secret of
// a credentials id is in CREDENTIALS_<id>. The last line is RESULT=SUCCESS or FAILURE.
import groovy.transform.Field

@Field Map<String, String> env = [:]
@Field Map params = [:]
@Field String result = 'SUCCESS'

/** Runs a closure against an object that knows its words. */
def play(Closure closure, Object words) {
  closure.delegate = words
  closure.resolveStrategy = Closure.DELEGATE_FIRST
  closure.call()
}

class Steps {
  def jenkins
  Steps(jenkins) { this.jenkins = jenkins }
  def getEnv() { jenkins.env }
  def getParams() { jenkins.params }
  def getScm() { 'scm' }
  def checkout(Object source) { println "checkout $source" }
  def archiveArtifacts(Map what) { println "archive ${what.artifacts}" }
  def script(Closure body) { jenkins.play(body, this) }
  def sh(String text) { sh(script: text) }
  def sh(Map call) {
    def builder = new ProcessBuilder('bash', '-e', '-c', call.script as String)
    jenkins.env.each { name, value -> builder.environment().put(name, value as String) }
    builder.redirectErrorStream(!call.returnStdout)
    def process = builder.start()
    process.outputStream.close()
    def output = process.inputStream.text
    if (!call.returnStdout) print output
    if (process.waitFor() != 0) throw new RuntimeException("sh failed: ${call.script}")
    output
  }
  def usernamePassword(Map it) { [(it.usernameVariable): "user-of-$it.credentialsId" as String, (it.passwordVariable): secret(it.credentialsId)] }
  def string(Map it) { [(it.variable): secret(it.credentialsId)] }
  def file(Map it) { [(it.variable): secret(it.credentialsId)] }
  private secret(id) {
    def value = System.getenv("CREDENTIALS_$id")
    if (value == null) throw new RuntimeException("no credentials $id")
    value
  }
  def withCredentials(List<Map> bindings, Closure body) {
    def before = new LinkedHashMap(jenkins.env)
    bindings.each { jenkins.env.putAll(it) }
    try { jenkins.play(body, this) } finally { jenkins.env.clear(); jenkins.env.putAll(before) }
  }
  def catchError(Map options, Closure body) {
    try { jenkins.play(body, this) } catch (error) { println "catchError: $options.message"; if (options.buildResult == 'FAILURE') jenkins.result = 'FAILURE' }
  }
}

class Conditions {
  def jenkins
  List<Boolean> met = []
  Conditions(jenkins) { this.jenkins = jenkins }
  def getEnv() { jenkins.env }
  def getParams() { jenkins.params }
  private inner(Closure body) { def some = new Conditions(jenkins); jenkins.play(body, some); some.met }
  def not(Closure body) { met << !inner(body).every() }
  def anyOf(Closure body) { met << inner(body).any() }
  def branch(String name) { met << (jenkins.env.BRANCH_NAME == name && !jenkins.env.CHANGE_ID) }
  def buildingTag() { met << (jenkins.env.TAG_NAME != null) }
  def changeRequest() { met << (jenkins.env.CHANGE_ID != null) }
  def expression(Closure body) { met << (jenkins.play(body, this) as boolean) }
}

class Stage {
  def jenkins
  Closure condition
  Closure work
  Stage(jenkins) { this.jenkins = jenkins }
  def when(Closure body) { condition = body }
  def steps(Closure body) { work = body }
}

class Stages {
  def jenkins
  Stages(jenkins) { this.jenkins = jenkins }
  def stage(String name, Closure body) {
    if (jenkins.result == 'FAILURE') return
    def stage = new Stage(jenkins)
    jenkins.play(body, stage)
    def conditions = new Conditions(jenkins)
    if (stage.condition) jenkins.play(stage.condition, conditions)
    if (!conditions.met.every()) { println "STAGE $name skipped"; return }
    println "STAGE $name"
    jenkins.env.STAGE_NAME = name
    try { jenkins.play(stage.work, new Steps(jenkins)) } catch (error) { println "ERROR $error.message"; jenkins.result = 'FAILURE' }
  }
}

class Post {
  def jenkins
  Post(jenkins) { this.jenkins = jenkins }
  def success(Closure body) { if (jenkins.result == 'SUCCESS') jenkins.play(body, new Steps(jenkins)) }
  def failure(Closure body) { if (jenkins.result == 'FAILURE') jenkins.play(body, new Steps(jenkins)) }
}

class Parameters {
  def jenkins
  Parameters(jenkins) { this.jenkins = jenkins }
  def string(Map it) { add(it.name, it.defaultValue) }
  def booleanParam(Map it) { add(it.name, it.defaultValue) }
  def choice(Map it) { add(it.name, it.choices[0]) }
  private add(name, value) { jenkins.params[name] = value; jenkins.env[name] = value as String }
}

class Variables {
  def jenkins
  Variables(jenkins) { this.jenkins = jenkins }
  def getEnv() { jenkins.env }
  def propertyMissing(String name, value) { jenkins.env[name] = value as String }
}

/** Sections that say how Jenkins runs the pipeline, not what it does. */
class Settings {
  def methodMissing(String name, args) { null }
}

class Sections {
  def jenkins
  Sections(jenkins) { this.jenkins = jenkins }
  def agent(Closure body) { jenkins.play(body, new Settings()) }
  def options(Closure body) { jenkins.play(body, new Settings()) }
  def triggers(Closure body) { jenkins.play(body, new Settings()) }
  def parameters(Closure body) { jenkins.play(body, new Parameters(jenkins)) }
  def environment(Closure body) { jenkins.play(body, new Variables(jenkins)) }
  def stages(Closure body) { jenkins.play(body, new Stages(jenkins)) }
  def post(Closure body) { jenkins.play(body, new Post(jenkins)) }
}

['BRANCH_NAME', 'TAG_NAME', 'CHANGE_ID', 'BUILD_URL'].each { if (System.getenv(it)) env[it] = System.getenv(it) }
def jenkins = this
def binding = new Binding()
binding.setVariable('pipeline', { Closure body -> jenkins.play(body, new Sections(jenkins)) })
new GroovyShell(binding).evaluate(new File(args[0]))
println "RESULT=$result"
