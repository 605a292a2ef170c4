// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";

/// A wallet that signs everything until it is told to misbehave.
contract HostileWallet is IERC1271 {
    enum Mood {
        Kind,
        BurnsGas,
        Floods,
        Refuses,
        ReturnsNothing,
        Reenters
    }

    Mood public mood;
    address public target;
    bytes public call;

    function set(Mood mood_) external {
        mood = mood_;
    }

    function reenter(address target_, bytes calldata call_) external {
        (mood, target, call) = (Mood.Reenters, target_, call_);
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (mood == Mood.BurnsGas) {
            while (true) {}
        }
        if (mood == Mood.Floods) {
            assembly {
                return(0, 100000)
            }
        }
        if (mood == Mood.ReturnsNothing) {
            assembly {
                return(0, 0)
            }
        }
        if (mood == Mood.Reenters) {
            // A static call cannot write, so this fails; then it signs all the same.
            (bool ok, ) = target.staticcall(call);
            require(!ok, "wrote in a static call");
        }
        return mood == Mood.Refuses ? bytes4(0xffffffff) : IERC1271.isValidSignature.selector;
    }
}

/// A token whose answers to `getPastVotes` an attacker chooses.
contract HostileToken {
    enum Mood {
        Kind,
        Reverts,
        ReturnsNothing,
        TooMuch,
        Reenters,
        CountsBlocks
    }

    Mood public mood;
    address public victim;
    IBallotCounter public counter;
    uint256 public proposal;
    bytes public ballots;

    function set(Mood mood_, address victim_) external {
        (mood, victim) = (mood_, victim_);
    }

    function reenter(IBallotCounter counter_, uint256 proposal_, bytes calldata ballots_) external {
        (mood, counter, proposal, ballots) = (Mood.Reenters, counter_, proposal_, ballots_);
    }

    function getPastVotes(address account, uint256) external view returns (uint256) {
        if (mood == Mood.Reenters) {
            (bool ok, ) = address(counter).staticcall{gas: 300_000}(
                abi.encodeCall(IBallotCounter.castBallots, (proposal, ballots))
            );
            require(!ok, "wrote in a static call");
        }
        if (account == victim) {
            if (mood == Mood.Reverts) revert("no");
            if (mood == Mood.TooMuch) return type(uint256).max;
            if (mood == Mood.ReturnsNothing) {
                assembly {
                    return(0, 0)
                }
            }
        }
        return 1e18;
    }

    function getPastTotalSupply(uint256) external pure returns (uint256) {
        return 40e18;
    }

    function totalSupply() external pure returns (uint256) {
        return 40e18;
    }

    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory) {
        return mood == Mood.CountsBlocks ? "mode=blocknumber&from=default" : "mode=timestamp";
    }
}

/// A receiver of a DAO's money that calls back while it is paid.
contract HostileTarget {
    address public victim;
    bytes public call;
    uint256 public paid;

    function set(address victim_, bytes calldata call_) external {
        (victim, call) = (victim_, call_);
    }

    receive() external payable {
        ++paid;
        (bool ok, ) = victim.call(call);
        require(!ok, "was let in");
    }
}
