// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {OfficeHours} from "../lib/OfficeHours.sol";
import {Pause} from "./Pause.sol";
import {Spell} from "./Spell.sol";

/// Run by the proxy: all of the calls, or none.
contract CallsAction {
    error NoCode(address target);

    function execute(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calls,
        bool officeHours
    ) external returns (bytes[] memory results) {
        if (officeHours) OfficeHours.demand(block.timestamp);
        results = new bytes[](targets.length);
        for (uint256 i; i < targets.length; ++i) {
            // A call to where nothing is would succeed and do nothing.
            if (calls[i].length != 0 && targets[i].code.length == 0) revert NoCode(targets[i]);
            (bool ok, bytes memory result) = targets[i].call{value: values[i]}(calls[i]);
            results[i] = Address.verifyCallResult(ok, result);
        }
    }
}

/// A spell made of calls, for who does not write contracts. It is a clone that carries everything in its code, so an address
/// that is approved can never come to mean something else.
contract CallsSpell is Spell {
    struct Contents {
        string title;
        bytes32 textHash;
        uint48 expiration;
        bool officeHours;
        address[] targets;
        uint256[] values;
        bytes[] calls;
    }

    address private immutable ACTION;
    bytes32 private immutable ACTION_CODE;

    constructor(Pause pause) Spell(pause) {
        ACTION = address(new CallsAction());
        ACTION_CODE = ACTION.codehash;
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

    function action() public view override returns (address) {
        return ACTION;
    }

    function codeHash() public view override returns (bytes32) {
        return ACTION_CODE;
    }

    function call() public view override returns (bytes memory) {
        Contents memory c = contents();
        return abi.encodeCall(CallsAction.execute, (c.targets, c.values, c.calls, c.officeHours));
    }

    function expiration() public view override returns (uint48) {
        return contents().expiration;
    }

    function officeHours() public view override returns (bool) {
        return contents().officeHours;
    }
}
