// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Registry} from "./Registry.sol";

/// A new controller for an id: announced, waited for, executed by anyone; a thief's announcement can be taken back.
abstract contract Rotation is Registry {
    struct Announced {
        address to;
        uint48 at;
    }

    bytes32 private constant ROTATION_TYPE =
        keccak256("Rotation(uint256 id,address to,uint256 nonce,uint256 deadline)");
    bytes32 private constant CANCEL_TYPE = keccak256("RotationCancel(uint256 id,uint256 nonce,uint256 deadline)");

    uint48 public constant ROTATION_DELAY = 2 days;

    mapping(uint256 id => Announced) internal _announced;
    mapping(uint256 id => uint256) internal _rotations;

    /// @inheritdoc IAutoIds
    function announceRotation(
        uint256 id,
        address to,
        address by,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature,
        bytes calldata acceptance
    ) external {
        if (_entries[id].kind == 0 || _entries[id].ended != 0) revert NotLive();
        _mayRotate(id, by);
        bytes32 structHash = keccak256(abi.encode(ROTATION_TYPE, id, to, nonce, deadline));
        bytes32 digest = _authorise(by, structHash, nonce, deadline, signature);
        if (!_agrees(to, digest, acceptance)) revert WrongSignature();
        if (idOf(to) != 0) revert AlreadyRegistered();
        uint48 at = uint48(block.timestamp) + ROTATION_DELAY;
        _announced[id] = Announced(to, at);
        emit RotationAnnounced(id, controllerOf(id), to, at);
    }

    /// @inheritdoc IAutoIds
    function cancelRotation(uint256 id) external {
        _mayRotate(id, msg.sender);
        _cancelRotation(id);
    }

    /// @inheritdoc IAutoIds
    function cancelRotationBySig(
        uint256 id,
        address by,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _mayRotate(id, by);
        _authorise(by, keccak256(abi.encode(CANCEL_TYPE, id, nonce, deadline)), nonce, deadline, signature);
        _cancelRotation(id);
    }

    /// @inheritdoc IAutoIds
    function executeRotation(uint256 id) external {
        Announced memory a = _announced[id];
        if (a.to == address(0)) revert NoRotation();
        if (block.timestamp < a.at) revert RotationTooEarly();
        if (_entries[id].ended != 0) revert NotLive();
        if (idOf(a.to) != 0) revert AlreadyRegistered();
        delete _announced[id];
        _leaveDeadId(a.to);

        address from = controllerOf(id);
        if (_newestIdOf[from] == id) delete _newestIdOf[from];
        _newestIdOf[a.to] = id;
        _entries[id].controller = a.to;
        ++_rotations[id];
        _markChanged(id);
        emit Rotated(id, from, a.to);
    }

    function _mayRotate(uint256 id, address by) private view {
        if (by == address(0) || (by != controllerOf(id) && by != _controllerOfIssuer(id))) revert NotAuthorised();
    }

    function _cancelRotation(uint256 id) private {
        if (_announced[id].to == address(0)) revert NoRotation();
        delete _announced[id];
        emit RotationCancelled(id);
    }
}
