// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccountLinks} from "./ids/AccountLinks.sol";
import {Attestations} from "./ids/Attestations.sol";
import {VotingKeys} from "./ids/VotingKeys.sol";
import {IAutoIds} from "./interfaces/IAutoIds.sol";

/// The registry of Auto IDs. Nobody owns it, nothing in it can be upgraded.
///
/// Invariants, and the test that holds each:
/// - an address never controls two live ids: `testFuzz_an_address_never_controls_two_live_ids`
/// - an id is never used again: `test_an_id_is_never_used_again`
/// - the end of an issuer is the end of everything below it: `test_an_issuers_end_is_the_end_of_everything_below_it`
contract AutoIds is VotingKeys, Attestations, AccountLinks {
    bytes32 private constant REGISTRATION_TYPE =
        keccak256(
            "Registration(address controller,uint8 kind,uint256 issuer,uint48 validUntil,bytes32 certificate,uint256 nonce,uint256 deadline)"
        );
    bytes32 private constant RENEWAL_TYPE =
        keccak256("Renewal(uint256 id,uint48 validUntil,bytes32 certificate,uint256 nonce,uint256 deadline)");
    bytes32 private constant REVOCATION_TYPE = keccak256("Revocation(uint256 id,uint256 nonce,uint256 deadline)");
    bytes32 private constant DEACTIVATION_TYPE = keccak256("Deactivation(uint256 id,uint256 nonce,uint256 deadline)");

    constructor() EIP712("AutoIds", "1") {}

    /// @inheritdoc IAutoIds
    function register(
        Registration calldata r,
        bytes calldata signature,
        bytes calldata issuerSignature
    ) external returns (uint256 id) {
        bytes4 problem;
        (id, problem) = _register(r, signature, issuerSignature);
        _raise(problem);
    }

    /// @inheritdoc IAutoIds
    function registerMany(
        Registration[] calldata list,
        bytes[] calldata signatures
    ) external returns (uint256[] memory ids) {
        ids = new uint256[](list.length);
        for (uint256 i; i < list.length && i < signatures.length; ++i) {
            (ids[i], ) = _register(list[i], signatures[i], "");
        }
    }

    /// @inheritdoc IAutoIds
    function renew(uint256 id, uint48 validUntil, bytes32 certificate) external {
        if (msg.sender != _renewer(id)) revert NotAuthorised();
        _renew(id, validUntil, certificate);
    }

    /// @inheritdoc IAutoIds
    function renewBySig(
        uint256 id,
        uint48 validUntil,
        bytes32 certificate,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(RENEWAL_TYPE, id, validUntil, certificate, nonce, deadline));
        _authorise(_renewer(id), structHash, nonce, deadline, signature);
        _renew(id, validUntil, certificate);
    }

    /// @inheritdoc IAutoIds
    function revoke(uint256 id) external {
        if (msg.sender != _controllerOfIssuer(id)) revert NotAuthorised();
        _endNow(id, REVOKED);
    }

    /// @inheritdoc IAutoIds
    function revokeBySig(uint256 id, uint256 nonce, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(REVOCATION_TYPE, id, nonce, deadline));
        _authorise(_controllerOfIssuer(id), structHash, nonce, deadline, signature);
        _endNow(id, REVOKED);
    }

    /// @inheritdoc IAutoIds
    function deactivate(uint256 id) external {
        if (msg.sender != controllerOf(id)) revert NotAuthorised();
        _endNow(id, DEACTIVATED);
    }

    /// @inheritdoc IAutoIds
    function deactivateBySig(uint256 id, uint256 nonce, uint256 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(DEACTIVATION_TYPE, id, nonce, deadline));
        _authorise(controllerOf(id), structHash, nonce, deadline, signature);
        _endNow(id, DEACTIVATED);
    }

    /// @inheritdoc IAutoIds
    function record(uint256 id) external view returns (Record memory) {
        Entry memory e = _entries[id];
        Announced memory a = _announced[id];
        return
            Record({
                controller: e.controller,
                kind: e.kind,
                issuer: e.issuer,
                validUntil: e.validUntil,
                certificate: _certificates[id],
                revoked: e.ended & REVOKED != 0,
                deactivated: e.ended & DEACTIVATED != 0,
                nextController: a.to,
                rotatesAt: a.at
            });
    }

    function _register(
        Registration calldata r,
        bytes calldata signature,
        bytes memory issuerSignature
    ) private returns (uint256 id, bytes4 problem) {
        problem = _unfit(r);
        if (problem != 0) return (0, problem);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    REGISTRATION_TYPE,
                    r.controller,
                    r.kind,
                    r.issuer,
                    r.validUntil,
                    r.certificate,
                    r.nonce,
                    r.deadline
                )
            )
        );
        problem = _problem(r.controller, digest, r.nonce, r.deadline, signature);
        if (problem != 0) return (0, problem);
        if (r.issuer != 0 && !_agrees(controllerOf(r.issuer), digest, issuerSignature)) {
            return (0, WrongSignature.selector);
        }
        _useNonce(r.controller);
        id = _write(r);
    }

    function _unfit(Registration calldata r) private view returns (bytes4) {
        if (r.kind == 0 || r.kind > AGENT) return UnknownKind.selector;
        if (r.controller == address(0)) return WrongSignature.selector;
        if (idOf(r.controller) != 0) return AlreadyRegistered.selector;
        if (r.validUntil != 0 && (r.validUntil < block.timestamp || r.validUntil > type(uint40).max)) {
            return AlreadyOver.selector;
        }
        if (r.kind == AGENT) {
            if (r.issuer == 0) return IssuerRequired.selector;
            if (r.certificate == 0) return MandateRequired.selector;
        }
        if (r.issuer != 0) {
            if (kindOf(r.issuer) == AGENT) return IssuerRequired.selector;
            if (!isLive(r.issuer)) return IssuerNotLive.selector;
            if (_entries[r.issuer].depth >= MAX_DEPTH) return IssuerTooDeep.selector;
        }
        return 0;
    }

    function _write(Registration calldata r) private returns (uint256 id) {
        _leaveDeadId(r.controller);
        id = ++total;
        _entries[id] = Entry({
            controller: r.controller,
            validUntil: uint40(r.validUntil),
            issuer: uint32(r.issuer),
            kind: r.kind,
            depth: r.issuer == 0 ? 0 : _entries[r.issuer].depth + 1,
            ended: 0
        });
        if (r.certificate != 0) _certificates[id] = r.certificate;
        if (r.issuer != 0 || r.validUntil != 0) _markChanged(id);
        _newestIdOf[r.controller] = id;
        emit Registered(id, r.controller, r.kind, r.issuer, r.validUntil, r.certificate);
    }

    /// An issuer decides how long its word holds; who has none decides alone.
    function _renewer(uint256 id) private view returns (address) {
        return _entries[id].issuer == 0 ? controllerOf(id) : _controllerOfIssuer(id);
    }

    function _renew(uint256 id, uint48 validUntil, bytes32 certificate) private {
        Entry storage e = _entries[id];
        if (e.kind == 0) revert UnknownId();
        if (e.ended != 0) revert NotLive();
        if (validUntil != 0 && (validUntil < block.timestamp || validUntil > type(uint40).max)) revert AlreadyOver();
        if (e.kind == AGENT && certificate == 0) revert MandateRequired();
        e.validUntil = uint40(validUntil);
        _certificates[id] = certificate;
        if (validUntil != 0) _markChanged(id);
        emit Renewed(id, validUntil, certificate);
    }

    function _endNow(uint256 id, uint8 how) private {
        if (_entries[id].kind == 0) revert UnknownId();
        if (_entries[id].ended != 0) revert NotLive();
        _end(id, how);
    }
}
