// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Shutdown} from "./Shutdown.sol";

/// Holds the rights and the treasury of the Nomic DAO, and runs what the Pause lets through. It has no storage, and stands
/// apart from the Pause, so that no decision can write over who decides.
contract PauseProxy {
    address public immutable PAUSE;
    Shutdown public immutable SHUTDOWN;

    error NotThePause();
    error ShutDown();

    constructor(Shutdown shutdown) {
        PAUSE = msg.sender;
        SHUTDOWN = shutdown;
    }

    receive() external payable {}

    function exec(address action, bytes calldata call) external returns (bytes memory) {
        if (msg.sender != PAUSE) revert NotThePause();
        if (SHUTDOWN.fired()) revert ShutDown();
        return Address.functionDelegateCall(action, call);
    }
}
