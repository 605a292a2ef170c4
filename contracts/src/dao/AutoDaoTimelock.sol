// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";

/// The treasury and hand of a DAO: only its governor proposes, anyone executes, nobody is admin.
contract AutoDaoTimelock is TimelockControllerUpgradeable {
    constructor() {
        _disableInitializers();
    }

    function initialize(uint256 minDelay, address governor) external initializer {
        address[] memory proposers = new address[](1);
        address[] memory executors = new address[](1);
        proposers[0] = governor;
        __TimelockController_init(minDelay, proposers, executors, address(0));
    }
}
