export { decodeSafetensors, type Safetensors } from './safetensors/decode.js';
export { encodeSafetensors } from './safetensors/encode.js';
