// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {OfficeHours} from "../lib/OfficeHours.sol";
import {Pause} from "./Pause.sol";
import {Spell} from "./Spell.sol";

/// Run by the proxy, whose treasury it pays from.
contract TransferAction {
    using SafeERC20 for IERC20;

    /// @param token zero for the chain's own coin
    function execute(address token, address to, uint256 amount) external {
        OfficeHours.demand(block.timestamp);
        if (token == address(0)) Address.sendValue(payable(to), amount);
        else IERC20(token).safeTransfer(to, amount);
    }
}

/// A spell as a programmer writes one: pays somebody from the treasury, in office hours.
contract TransferSpell is Spell {
    address public immutable TOKEN;
    address public immutable TO;
    uint256 public immutable AMOUNT;
    address private immutable ACTION;
    bytes32 private immutable ACTION_CODE;
    bytes32 public immutable override textHash;
    uint48 private immutable EXPIRATION;

    string public override description;

    constructor(
        Pause pause,
        address token,
        address to,
        uint256 amount,
        string memory description_,
        bytes32 textHash_,
        uint48 expiration_
    ) Spell(pause) {
        (TOKEN, TO, AMOUNT) = (token, to, amount);
        (description, textHash, EXPIRATION) = (description_, textHash_, expiration_);
        ACTION = address(new TransferAction());
        ACTION_CODE = ACTION.codehash;
    }

    function action() public view override returns (address) {
        return ACTION;
    }

    function codeHash() public view override returns (bytes32) {
        return ACTION_CODE;
    }

    function call() public view override returns (bytes memory) {
        return abi.encodeCall(TransferAction.execute, (TOKEN, TO, AMOUNT));
    }

    function expiration() public view override returns (uint48) {
        return EXPIRATION;
    }

    function officeHours() public pure override returns (bool) {
        return true;
    }
}
