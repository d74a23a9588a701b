export { exampleHeader, exampleRecording, type ExampleShapes } from './example-recording';
