// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccountLinks} from "../interfaces/IAccountLinks.sol";
import {Registry} from "./Registry.sol";

/// Platform accounts of an id, as salted hashes only: whoever lacks the salt learns nothing by guessing.
abstract contract AccountLinks is IAccountLinks, Registry {
    bytes32 private constant LINK_TYPE =
        keccak256("AccountLink(uint256 id,bytes32 account,uint256 nonce,uint256 deadline)");
    bytes32 private constant UNLINK_TYPE =
        keccak256("AccountUnlink(uint256 id,bytes32 account,uint256 nonce,uint256 deadline)");

    mapping(bytes32 account => uint256) private _linked;

    /// @inheritdoc IAccountLinks
    function linkAccount(uint256 id, bytes32 account) external {
        if (msg.sender != controllerOf(id)) revert NotAuthorised();
        _link(id, account);
    }

    /// @inheritdoc IAccountLinks
    function linkAccountBySig(
        uint256 id,
        bytes32 account,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(LINK_TYPE, id, account, nonce, deadline));
        _authorise(controllerOf(id), structHash, nonce, deadline, signature);
        _link(id, account);
    }

    /// @inheritdoc IAccountLinks
    function unlinkAccount(uint256 id, bytes32 account) external {
        if (msg.sender != controllerOf(id)) revert NotAuthorised();
        _unlink(id, account);
    }

    /// @inheritdoc IAccountLinks
    function unlinkAccountBySig(
        uint256 id,
        bytes32 account,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(UNLINK_TYPE, id, account, nonce, deadline));
        _authorise(controllerOf(id), structHash, nonce, deadline, signature);
        _unlink(id, account);
    }

    /// @inheritdoc IAccountLinks
    function idOfAccount(bytes32 account) public view returns (uint256 id) {
        id = _linked[account];
        if (!isLive(id)) return 0;
    }

    function _link(uint256 id, bytes32 account) private {
        if (!isLive(id)) revert NotLive();
        uint256 holder = idOfAccount(account);
        if (holder != 0 && holder != id) revert AccountTaken();
        _linked[account] = id;
        emit AccountLinked(id, account);
    }

    function _unlink(uint256 id, bytes32 account) private {
        if (id == 0 || _linked[account] != id) revert NotLinked();
        delete _linked[account];
        emit AccountUnlinked(id, account);
    }
}
