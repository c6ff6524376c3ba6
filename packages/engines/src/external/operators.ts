/**
 * Operators that models from elsewhere may use: those of the ONNX specification that compute with numbers
 * (https://onnx.ai/onnx/operators/). Left out are those for text, encoded images and training.
 */
const STANDARD =
  'Abs Acos Acosh Add Affine AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Bernoulli ' +
  'BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress ' +
  'Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace ' +
  'DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather ' +
  'GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample ' +
  'GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM ' +
  'LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool ' +
  'MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NonMaxSuppression NonZero ' +
  'Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike ' +
  'RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ' +
  'ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ' +
  'ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength ' +
  'SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt ' +
  'Squeeze Sub Sum Swish Tan Tanh TensorScatter ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor';

/** Those of onnxruntime's own that its tools write when they optimize or quantize a network. */
const MICROSOFT =
  'Attention BiasGelu DequantizeLinear DynamicQuantizeMatMul FastGelu FusedConv FusedGemm FusedMatMul Gelu GridSample ' +
  'MatMulIntegerToFloat MatMulNBits MultiHeadAttention QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearConv ' +
  'QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearSigmoid QLinearSoftmax QuantizeLinear QuickGelu ' +
  'SimplifiedLayerNormalization SkipLayerNormalization SkipSimplifiedLayerNormalization';

/**
 * By domain. Not among them, on purpose: `com.microsoft.nchwc`, by which onnxruntime's optimizer talks to itself, and whose nodes
 * read beyond their memory if they are put together otherwise; and custom operators, which are native code.
 */
export const OPERATORS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['', new Set(STANDARD.split(' '))],
  ['com.microsoft', new Set(MICROSOFT.split(' '))],
]);

/** The standard domain has two names. */
export const plainDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);
