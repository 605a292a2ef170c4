// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ISpell} from "../interfaces/ISpell.sol";
import {Pause} from "./Pause.sol";

/// Drops one plan, at once, as soon as it holds the hat: what is plotted must not have to wait for its own delay to be
/// stopped. A clone that carries everything in its code.
contract DropSpell {
    struct Contents {
        string title;
        bytes32 textHash;
        uint48 expiration;
        address action;
        bytes32 codeHash;
        bytes call;
        uint48 eta;
    }

    Pause public immutable PAUSE;

    bool public done;

    constructor(Pause pause) {
        PAUSE = pause;
    }

    function schedule() external {
        Contents memory c = contents();
        if (done) revert ISpell.AlreadyScheduled();
        if (block.timestamp > c.expiration) revert ISpell.Expired();
        done = true;
        PAUSE.drop(c.action, c.codeHash, c.call, c.eta);
    }

    function contents() public view returns (Contents memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (Contents));
    }

    function description() external view returns (string memory) {
        return contents().title;
    }

    function textHash() external view returns (bytes32) {
        return contents().textHash;
    }

    function expiration() external view returns (uint48) {
        return contents().expiration;
    }

    /// The plan that it drops.
    function plan() external view returns (bytes32) {
        Contents memory c = contents();
        return PAUSE.planOf(c.action, c.codeHash, c.call, c.eta);
    }
}
