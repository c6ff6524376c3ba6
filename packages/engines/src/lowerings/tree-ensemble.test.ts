import { float32, int32, prepareTf, treeEnsemble, type NdArrays, type Program, type Trees } from '@kindred/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { recordProgram } from '../trace/record-program.js';

beforeAll(prepareTf);

/** x0 <= 0.5 ? 10 : 20, then a leaf of 1. */
const trees = {
  roots: int32([2], [0, 3]),
  feature: int32([4]),
  threshold: float32([4], [0.5, 0, 0, 0]),
  left: int32([4], [1, 1, 2, 3]),
  right: int32([4], [2, 1, 2, 3]),
  value: float32([4], [0, 10, 20, 1]),
};

/** The ONNX operators of a program over `x` `[3, 1]` whose trees are constants, or inputs. */
function operators(constants: NdArrays, inputs: NdArrays = {}): string[] {
  const program: Program = {
    name: 'forest',
    constants,
    run(given) {
      const { x, ...arrays } = { ...given.inputs, ...given.constants };
      return { y: treeEnsemble(x!, { ...(arrays as unknown as Trees), depth: 1 }) };
    },
  };
  const { graph } = recordProgram(program, { x: float32([3, 1]), ...inputs });
  return graph.nodes.map(({ op }) => op);
}

describe('the kernel of tree ensembles', () => {
  it("becomes one operator of ONNX's own", () => {
    expect(operators(trees)).toEqual(['TreeEnsembleRegressor', 'Reshape']);
  });

  it('becomes gathers where there are too many nodes for the attributes of one', () => {
    const nodes = 2 ** 18 + 1;
    const place = Int32Array.from({ length: nodes }, (_, node) => node);
    const leaves = { roots: place, feature: new Int32Array(nodes), left: place, right: place };
    const floats = { threshold: float32([nodes]), value: float32([nodes]) };
    const integers = Object.fromEntries(Object.entries(leaves).map(([name, data]) => [name, int32([nodes], data)]));
    const used = operators({ ...integers, ...floats });
    expect(used).toContain('Gather');
    expect(used).not.toContain('TreeEnsembleRegressor');
  });

  it('refuses trees that are known only when the program runs', () => {
    const { value, ...others } = trees;
    expect(() => operators(others, { value })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_ENGINE_DATA_DEPENDENT',
        message: 'The trees of treeEnsemble must be constants of the program. Its "value" depends on inputs.',
      }) as Error,
    );
  });

  it('refuses trees that onnxruntime would read beyond its memory for', () => {
    expect(() => operators({ ...trees, feature: int32([4], [7, 0, 0, 0]) })).toThrow(
      expect.objectContaining({
        code: 'KINDRED_ENGINE_INPUT',
        message: 'The trees of a tree ensemble must look at columns 0 to 0. Got 7 in node 0.',
      }) as Error,
    );
  });
});
