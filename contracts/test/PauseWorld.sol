// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Pause} from "../src/nomic/Pause.sol";
import {PauseProxy} from "../src/nomic/PauseProxy.sol";
import {Shutdown} from "../src/nomic/Shutdown.sol";
import {ChiefWorld} from "./ChiefWorld.sol";

/// A launched chief with a pause behind it; the treasury has coins and NOMIC.
abstract contract PauseWorld is ChiefWorld {
    uint48 internal constant DELAY = 2 days;

    Shutdown internal shutdown;
    Pause internal pause;
    PauseProxy internal proxy;

    function makePause() internal {
        makeChief();
        shutdown = new Shutdown(nomic, 30e18);
        pause = new Pause(chief, shutdown, DELAY);
        proxy = pause.PROXY();
        launch();
        vm.deal(address(proxy), 10 ether);
        vm.prank(accountOf(20));
        nomic.transfer(address(proxy), 10e18);
    }
}

/// What a plan may run in the proxy.
contract TestAction {
    event Ran(address self);

    function run() external returns (uint256) {
        emit Ran(address(this));
        return 7;
    }

    function fail() external pure {
        revert("no");
    }

    /// Writes where it is run.
    function scribble() external {
        assembly {
            for {
                let slot := 0
            } lt(slot, 8) {
                slot := add(slot, 1)
            } {
                sstore(slot, not(0))
            }
        }
    }

    function send(address target, bytes calldata data) external returns (bool ok) {
        (ok, ) = target.call(data);
    }

    function sendSurely(address target, bytes calldata data) external {
        (bool ok, ) = target.call(data);
        require(ok, "failed");
    }
}

/// Executes its own plan while it is executed.
contract ComesBack {
    Pause private immutable PAUSE;
    address private immutable SELF = address(this);

    constructor(Pause pause) {
        PAUSE = pause;
    }

    function run(uint48 eta) external returns (bool ok) {
        (ok, ) = address(PAUSE).call(abi.encodeCall(Pause.exec, (SELF, SELF.codehash, msg.data, eta)));
    }
}
