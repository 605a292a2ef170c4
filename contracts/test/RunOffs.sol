// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RunOff} from "../src/polls/RunOff.sol";

/// The run-off alone, for many elections at once.
contract TestRunOff {
    struct Election {
        uint256[] rankings;
        uint256[] weights;
        uint256 options;
        bool isActive;
    }

    struct Result {
        uint256 winner;
        uint256[][] rounds;
    }

    function count(Election[] memory elections) external pure returns (Result[] memory results) {
        results = new Result[](elections.length);
        for (uint256 i; i < elections.length; ++i) {
            Election memory e = elections[i];
            (results[i].winner, results[i].rounds) = RunOff.count(e.rankings, e.weights, e.options, e.isActive);
        }
    }
}
