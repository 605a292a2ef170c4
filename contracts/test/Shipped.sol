// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "./Vm.sol";

/// Deploys the contracts as they are shipped, with the bytecode of `generated.ts`, and says with how many runs of the optimizer
/// each was compiled; `scripts/forge.mjs gas` writes both to where forge may read.
abstract contract Shipped is Test {
    constructor() {
        (artifacts, artifactEnding) = ("contracts/out/shipped/", ".json");
    }

    /// Not more than two in a hundred above what was measured.
    function expectCost(uint256 gas, uint256 measured, string memory what, string memory name) internal view {
        string memory artifact = vm.readFile(string.concat(artifacts, name, artifactEnding));
        string memory runs = vm.toString(vm.parseJsonUint(artifact, ".optimizerRuns"));
        vm.assertLe(gas, (measured * 102) / 100, string.concat(what, " (", name, " compiled with ", runs, " runs)"));
    }
}
